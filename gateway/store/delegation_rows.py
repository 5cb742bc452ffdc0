"""Delegations and their record: rows only; who may grant what is decided in ``gateway.identity.delegations``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.identity import CallerKind
from gateway.store.tables import delegation_changes, delegations, users, writing_numbers
from gateway.user import DelegatedAction

_d, _c, _w = delegations.c, delegation_changes.c, writing_numbers.c


@dataclass(frozen=True, slots=True)
class DelegationTerms:
    """What may be done, from the instant ``starts_at`` on and before ``ends_at``; None: no bound."""

    actions: frozenset[DelegatedAction]
    starts_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Delegation:
    """``name`` and ``email`` are the delegate's; ``phone`` and ``npn`` the producer's."""

    delegate_id: str
    name: str
    email: str
    number: str
    state: str
    company_name: str
    producer_name: str
    phone: str
    npn: str
    terms: DelegationTerms


@dataclass(frozen=True, slots=True)
class DelegationChange:
    at: datetime
    kind: str
    name: str
    number: str
    terms: DelegationTerms


_COLUMNS = (
    users.c.user_id,
    users.c.name,
    users.c.email,
    _d.number,
    _w.state,
    _w.company_name,
    _w.producer_name,
    _w.phone,
    _w.npn,
    _d.actions,
    _d.starts_at,
    _d.ends_at,
)
_JOINED = delegations.join(users, users.c.user_id == _d.delegate_id).join(
    writing_numbers, writing_numbers.c.number == _d.number
)


async def list_of_producer(connection: AsyncConnection, producer_id: str) -> list[Delegation]:
    """By delegate, state and number."""
    query = select(*_COLUMNS).select_from(_JOINED).where(_w.user_id == producer_id)
    return await _delegations(connection, query.order_by(users.c.name, users.c.user_id, _w.state, _d.number))


async def list_of_delegate(connection: AsyncConnection, delegate_id: str) -> list[Delegation]:
    """Those that ended or have not begun among them."""
    query = select(*_COLUMNS).select_from(_JOINED).where(_d.delegate_id == delegate_id)
    return await _delegations(connection, query.order_by(_w.producer_name, _w.state, _d.number))


async def find_delegate(connection: AsyncConnection, email: str) -> str | None:
    """The id of an active delegate."""
    query = select(users.c.user_id).where(
        users.c.email == email, users.c.role == CallerKind.DELEGATE.value, users.c.active
    )
    found: str | None = (await connection.execute(query)).scalar_one_or_none()
    return found


async def put_delegation(connection: AsyncConnection, delegate_id: str, number: str, terms: DelegationTerms) -> bool:
    """Add a delegation, or change its terms; whether it is new."""
    key = _d.delegate_id == delegate_id, _d.number == number
    known = (await connection.execute(select(_d.number).where(*key).with_for_update())).first()
    put = upsert(delegations).values({"delegate_id": delegate_id, "number": number, **_values(terms)})
    await connection.execute(put.on_conflict_do_update(index_elements=["delegate_id", "number"], set_=_values(terms)))
    return known is None


async def remove_delegation(connection: AsyncConnection, delegate_id: str, number: str) -> DelegationTerms | None:
    """The terms that it had; None when there was none."""
    gone = delete(delegations).where(_d.delegate_id == delegate_id, _d.number == number)
    row = (await connection.execute(gone.returning(_d.actions, _d.starts_at, _d.ends_at))).first()
    return _terms(row) if row else None


async def record_change(
    connection: AsyncConnection,
    at: datetime,
    producer_id: str,
    delegate_id: str,
    number: str,
    kind: str,
    terms: DelegationTerms,
) -> None:
    row = {"at": at, "producer_id": producer_id, "delegate_id": delegate_id, "number": number, "kind": kind}
    await connection.execute(insert(delegation_changes).values({**row, **_values(terms)}))


async def list_changes(connection: AsyncConnection, producer_id: str, limit: int) -> list[DelegationChange]:
    """Newest first."""
    joined = delegation_changes.join(users, users.c.user_id == _c.delegate_id)
    columns = (_c.at, _c.kind, users.c.name, _c.number, _c.actions, _c.starts_at, _c.ends_at)
    query = select(*columns).select_from(joined).where(_c.producer_id == producer_id)
    rows = await connection.execute(query.order_by(_c.change_id.desc()).limit(limit))
    return [DelegationChange(row.at, row.kind, row.name, row.number, _terms(row)) for row in rows]


async def _delegations(connection: AsyncConnection, query: Any) -> list[Delegation]:
    rows: Sequence[Any] = (await connection.execute(query)).all()
    return [
        Delegation(
            *(r.user_id, r.name, r.email, r.number, r.state, r.company_name, r.producer_name, r.phone, r.npn), _terms(r)
        )
        for r in rows
    ]


def _terms(row: Any) -> DelegationTerms:
    return DelegationTerms(frozenset(map(DelegatedAction, row.actions)), row.starts_at, row.ends_at)


def _values(terms: DelegationTerms) -> dict[str, Any]:
    actions = [action.value for action in DelegatedAction if action in terms.actions]
    return {"actions": actions, "starts_at": terms.starts_at, "ends_at": terms.ends_at}
