"""Form drafts: rows only; what is in them is sealed and opened in ``gateway.forms.drafts``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.kernel import new_id
from gateway.store.tables import form_drafts

_d = form_drafts.c


@dataclass(frozen=True, slots=True)
class DraftRow:
    form: str
    version: int
    sealed: bytes
    saved_at: datetime


async def find_draft(connection: AsyncConnection, user_id: str, form: str) -> DraftRow | None:
    query = select(_d.form, _d.version, _d.sealed, _d.saved_at).where(_d.user_id == user_id, _d.form == form)
    row = (await connection.execute(query)).first()
    return DraftRow(*row) if row else None


async def put_draft(
    connection: AsyncConnection, user_id: str, form: str, sealed: bytes, now: datetime, version: int | None
) -> int | None:
    """Add or replace a draft; its new version.

    None, and nothing is changed, when ``version`` was given and the draft has another one by now (0: there is none).
    """
    row = {"draft_id": new_id(), "user_id": user_id, "form": form, "version": 1, "sealed": sealed, "saved_at": now}
    put = insert(form_drafts).values(row)
    replaced = put.on_conflict_do_update(
        index_elements=[_d.user_id, _d.form],
        set_={"version": _d.version + 1, "sealed": put.excluded.sealed, "saved_at": put.excluded.saved_at},
        where=None if version is None else _d.version == version,
    )
    saved: int | None = (await connection.execute(replaced.returning(_d.version))).scalar_one_or_none()
    return saved


async def delete_draft(connection: AsyncConnection, user_id: str, form: str) -> None:
    await connection.execute(delete(form_drafts).where(_d.user_id == user_id, _d.form == form))


async def keep_newest_drafts(connection: AsyncConnection, user_id: str, prefix: str, keep: int) -> None:
    """Drop a person's drafts of the forms that begin with ``prefix``, but for the last saved ones."""
    own = _d.user_id == user_id, _d.form.startswith(prefix, autoescape=True)
    kept = select(_d.draft_id).where(*own).order_by(_d.saved_at.desc(), _d.draft_id).limit(keep)
    await connection.execute(delete(form_drafts).where(*own, _d.draft_id.not_in(kept)))


async def prune_drafts(connection: AsyncConnection, saved_before: datetime) -> None:
    await connection.execute(delete(form_drafts).where(_d.saved_at < saved_before))
