"""Users, and the numbers they may act for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, DateTime, Select, Text, and_, bindparam, null, or_, select, true, union, union_all
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.identity import CallerKind, WritingNumber
from gateway.store.organization_rows import SIGNS_IN_THERE
from gateway.store.tables import agencies, agency_members, delegations, users, writing_numbers
from gateway.user import DelegatedAction, Grant, User

# A producer's own numbers and those below in the agency, a delegate's delegated ones while the delegation runs.
_OWN = select(
    writing_numbers.c.number,
    null().cast(ARRAY(Text)).label("actions"),
    null().cast(DateTime(timezone=True)).label("ends_at"),
).where(users.c.role == CallerKind.PRODUCER, writing_numbers.c.user_id == users.c.user_id)


def _runs(moment: Any) -> ColumnElement[bool]:
    d = delegations.c
    return and_(or_(d.starts_at.is_(None), d.starts_at <= moment), or_(d.ends_at.is_(None), d.ends_at > moment))


# The instant at which somebody acts: by the business clock, as the days that a producer chose.
ACTING_AT = "acting_at"
_DELEGATED = select(delegations.c.number, delegations.c.actions, delegations.c.ends_at).where(
    users.c.role == CallerKind.DELEGATE,
    delegations.c.delegate_id == users.c.user_id,
    _runs(bindparam(ACTING_AT, type_=DateTime(timezone=True))),
)


def _below() -> Select[Any]:
    """The numbers of a producer's sub-producers and of theirs, with what the agency lets those above do."""
    members = agency_members.c
    below = (
        select(members.user_id, members.agency_id)
        .where(users.c.role == CallerKind.PRODUCER, members.upline_id == users.c.user_id)
        .correlate(users)
        .cte("below", recursive=True, nesting=True)
    )
    further = agency_members.join(below, members.upline_id == below.c.user_id)
    below = below.union(select(members.user_id, members.agency_id).select_from(further))
    return (
        select(writing_numbers.c.number, agencies.c.upline_actions, null())
        .join(below, below.c.user_id == writing_numbers.c.user_id)
        .join(agencies, agencies.c.agency_id == below.c.agency_id)
    )


_MAY_USE = union_all(_OWN.correlate(users), _DELEGATED.correlate(users), _below()).lateral("may_use")
_NUMBERS = _MAY_USE.join(writing_numbers, writing_numbers.c.number == _MAY_USE.c.number)
USER_COLUMNS = (
    users.c.user_id,
    users.c.email,
    users.c.name,
    users.c.role,
    writing_numbers.c.number,
    writing_numbers.c.state,
    writing_numbers.c.producer_name,
    writing_numbers.c.company_name,
    writing_numbers.c.phone,
    writing_numbers.c.npn,
    _MAY_USE.c.actions,
    _MAY_USE.c.ends_at,
    SIGNS_IN_THERE.label("by_organization"),
)
# An active user, a row for each number that the user may act for at ACTING_AT; one row without a number when there is
# none.
USERS_WITH_NUMBERS = users.outerjoin(_NUMBERS, true())


async def find_password(connection: AsyncConnection, email: str) -> tuple[str, str | None] | None:
    """User id and password hash of an active account that signs in with one; no hash where none was set."""
    query = select(users.c.user_id, users.c.password_hash).where(
        users.c.email == email, users.c.active, ~SIGNS_IN_THERE
    )
    row = (await connection.execute(query)).one_or_none()
    return (row.user_id, row.password_hash) if row else None


async def list_users_of_number(connection: AsyncConnection, number: str, now: datetime) -> list[str]:
    """The producer whom a writing number names, and every delegate who may act for it now."""
    owner = select(writing_numbers.c.user_id).where(writing_numbers.c.number == number)
    delegates = select(delegations.c.delegate_id).where(delegations.c.number == number, _runs(now))
    return list((await connection.execute(union(owner, delegates))).scalars())


def user_from_rows(rows: Sequence[Any]) -> User:
    """From the rows of ``USER_COLUMNS``, at least one."""
    first, found = rows[0], [row for row in rows if row.number]
    numbers = tuple(WritingNumber(r.number, r.state, r.producer_name, r.company_name, r.phone, r.npn) for r in found)
    grants = tuple(_grant(row) for row in found)
    return User(
        first.user_id,
        first.email,
        first.name,
        CallerKind(first.role),
        numbers,
        grants if any(grants) else (),
        by_organization=first.by_organization,
    )


def _grant(row: Any) -> Grant | None:
    """None for a number of one's own."""
    return None if row.actions is None else Grant(frozenset(map(DelegatedAction, row.actions)), row.ends_at)


async def find_names(connection: AsyncConnection, emails: Sequence[str]) -> dict[str, str]:
    """Email -> name, of those that have an account, active or not."""
    if not emails:
        return {}
    query = select(users.c.email, users.c.name).where(users.c.email.in_(emails))
    return {row.email: row.name for row in await connection.execute(query)}
