"""Agencies and their members: rows only; what a hierarchy may be is judged in ``gateway.identity.agencies``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.identity import CallerKind
from chassis.kernel import new_id
from gateway.store.tables import agencies, agency_members, users


@dataclass(frozen=True, slots=True)
class AgencyMembership:
    """The agency of a producer, and the names of those directly and further above him, nearest first."""

    agency_name: str
    uplines: tuple[str, ...]


async def find_membership(connection: AsyncConnection, user_id: str) -> AgencyMembership | None:
    """None for who is in no agency."""
    member = agency_members.c
    own = select(member.user_id, member.agency_id, member.upline_id).where(member.user_id == user_id)
    chain = own.cte("chain", recursive=True)
    further = agency_members.join(chain, member.user_id == chain.c.upline_id)
    chain = chain.union(select(member.user_id, member.agency_id, member.upline_id).select_from(further))
    query = (
        select(chain.c.user_id, chain.c.upline_id, users.c.name, agencies.c.name.label("agency"))
        .join(users, users.c.user_id == chain.c.user_id)
        .join(agencies, agencies.c.agency_id == chain.c.agency_id)
    )
    rows = {row.user_id: row for row in await connection.execute(query)}
    if user_id not in rows:
        return None
    uplines: list[str] = []
    at = rows[user_id]
    while at.upline_id is not None and len(uplines) < len(rows):
        at = rows[at.upline_id]
        uplines.append(at.name)
    return AgencyMembership(rows[user_id].agency, tuple(uplines))


def find_producers(connection: Connection, emails: Sequence[str]) -> dict[str, str]:
    """Email -> id, of those who are producers."""
    query = select(users.c.email, users.c.user_id).where(
        users.c.email.in_(emails), users.c.role == CallerKind.PRODUCER.value
    )
    return {row.email: row.user_id for row in connection.execute(query)}


def put_agency(connection: Connection, name: str, upline_actions: Sequence[str]) -> str:
    """The agency of that name, new or with these actions from now on; gives its id."""
    put = upsert(agencies).values(agency_id=new_id(), name=name, upline_actions=list(upline_actions))
    put = put.on_conflict_do_update(index_elements=["name"], set_={"upline_actions": list(upline_actions)})
    found: str = connection.execute(put.returning(agencies.c.agency_id)).scalar_one()
    return found


def replace_members(connection: Connection, agency_id: str, uplines: dict[str, str | None]) -> None:
    """Exactly these: user id -> the id of the member directly above."""
    connection.execute(delete(agency_members).where(agency_members.c.agency_id == agency_id))
    rows = [{"user_id": user, "agency_id": agency_id, "upline_id": upline} for user, upline in uplines.items()]
    if rows:
        connection.execute(insert(agency_members), rows)
