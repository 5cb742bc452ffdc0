"""What an edit or a requote did to the chosen plans: kept beside the quote until plans are chosen again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from starlette.requests import Request
from suite.common.v1 import common_pb2
from suite.quote.v1 import quote_offers_pb2

from gateway.edge.context import get_gateway, require_session


@dataclass(frozen=True, slots=True)
class ChangedPlan:
    """One plan; ``new`` is None when it cannot be had any more, and ``reason`` says why."""

    name: str
    old: common_pb2.Money
    new: common_pb2.Money | None
    reason: str


async def keep_changes(request: Request, quote_id: str, changes: Iterable[quote_offers_pb2.PlanChange]) -> None:
    session, drafts = await require_session(request), get_gateway(request).drafts
    rows = list(changes)
    if not rows:
        await drafts.delete(session.user, _form(quote_id))
        return
    fields = {
        "name": [row.name for row in rows],
        "old": [str(row.old_monthly_premium.cents) for row in rows],
        "new": [str(row.new_monthly_premium.cents) if row.HasField("new_monthly_premium") else "" for row in rows],
        "reason": [row.reason for row in rows],
    }
    await drafts.save(session.user, _form(quote_id), fields)


async def load_changes(request: Request, quote_id: str) -> Sequence[ChangedPlan]:
    session = await require_session(request)
    draft = await get_gateway(request).drafts.load(session.user, _form(quote_id))
    if draft is None:
        return ()
    columns = [draft.fields[name] for name in ("name", "old", "new", "reason")]
    return [
        ChangedPlan(name, _money(old), _money(new) if new else None, reason)
        for name, old, new, reason in zip(*columns, strict=True)
    ]


async def forget_changes(request: Request, quote_id: str) -> None:
    session = await require_session(request)
    await get_gateway(request).drafts.delete(session.user, _form(quote_id))


def _form(quote_id: str) -> str:
    return f"quote-changes/{quote_id}"


def _money(cents: str) -> common_pb2.Money:
    return common_pb2.Money(cents=int(cents))
