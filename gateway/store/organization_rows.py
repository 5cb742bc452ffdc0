"""Accounts of people who sign in at the organization's provider, and sign-ins under way: rows only.

``gateway.identity.organization_accounts`` says who is let in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, exists, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.store.tables import (
    agency_members,
    api_clients,
    delegations,
    organization_accounts,
    organization_sign_ins,
    users,
    writing_numbers,
)

_a, _s = organization_accounts.c, organization_sign_ins.c

# Of the user of the query around it.
SIGNS_IN_THERE: ColumnElement[bool] = exists().where(_a.user_id == users.c.user_id).correlate(users)
WAS_THERE: ColumnElement[bool] = exists().where(_a.user_id == users.c.user_id, _a.subject.is_not(None)).correlate(users)


@dataclass(frozen=True, slots=True)
class OrganizationAccount:
    user_id: str
    role: str


async def find_linked(connection: AsyncConnection, issuer: str, subject: str) -> OrganizationAccount | None:
    """Of an active user."""
    query = (
        select(users.c.user_id, users.c.role)
        .select_from(users.join(organization_accounts))
        .where(_a.issuer == issuer, _a.subject == subject, users.c.active)
    )
    row = (await connection.execute(query)).one_or_none()
    return OrganizationAccount(*row) if row else None


async def link_by_email(connection: AsyncConnection, email: str, issuer: str, subject: str, now: datetime) -> bool:
    """Give the subject the account of an active user who has not signed in there yet; False when there is none."""
    waiting = select(users.c.user_id).where(users.c.email == email, users.c.active).scalar_subquery()
    link = update(organization_accounts).where(_a.user_id == waiting, _a.subject.is_(None))
    linked = link.values(issuer=issuer, subject=subject, linked_at=now).returning(_a.user_id)
    return (await connection.execute(linked)).first() is not None


async def put_account(
    connection: AsyncConnection, user_id: str, issuer: str | None, subject: str | None, now: datetime
) -> None:
    """From now on the user signs in there: as that subject, or as whoever comes first with the user's address."""
    known = {"issuer": issuer, "subject": subject, "linked_at": now if subject else None}
    put = upsert(organization_accounts).values(user_id=user_id, **known)
    await connection.execute(put.on_conflict_do_update(index_elements=["user_id"], set_=known))


async def find_owner_of_subject(connection: AsyncConnection, issuer: str, subject: str) -> str | None:
    """The user's address."""
    query = select(users.c.email).select_from(users.join(organization_accounts))
    return (await connection.execute(query.where(_a.issuer == issuer, _a.subject == subject))).scalar_one_or_none()


async def remove_account(connection: AsyncConnection, user_id: str) -> bool:
    """False when the user signed in with a password already."""
    gone = delete(organization_accounts).where(_a.user_id == user_id).returning(_a.user_id)
    return (await connection.execute(gone)).first() is not None


async def change_role(connection: AsyncConnection, user_id: str, role: str) -> bool:
    """False, and nothing changed, while the user has what belongs to the role of before."""
    await connection.execute(select(users.c.user_id).where(users.c.user_id == user_id).with_for_update())
    has_some = or_(
        exists().where(writing_numbers.c.user_id == user_id),
        exists().where(agency_members.c.user_id == user_id),
        exists().where(delegations.c.delegate_id == user_id),
        exists().where(api_clients.c.owner_id == user_id, api_clients.c.revoked_at.is_(None)),
    )
    changed = update(users).where(users.c.user_id == user_id, ~has_some).values(role=role).returning(users.c.user_id)
    return (await connection.execute(changed)).first() is not None


async def add_sign_in(connection: AsyncConnection, secret_hash: bytes, next_path: str, expires_at: datetime) -> None:
    row = {"secret_hash": secret_hash, "next_path": next_path, "expires_at": expires_at}
    await connection.execute(insert(organization_sign_ins).values(row))


async def take_sign_in(connection: AsyncConnection, secret_hash: bytes, now: datetime) -> str | None:
    """Where the person wanted to go; None when it was taken before, has expired or never was one."""
    taken = delete(organization_sign_ins).where(_s.secret_hash == secret_hash).returning(_s.next_path, _s.expires_at)
    row = (await connection.execute(taken)).one_or_none()
    return row.next_path if row and row.expires_at > now else None


async def prune_sign_ins(connection: AsyncConnection, now: datetime) -> None:
    await connection.execute(delete(organization_sign_ins).where(_s.expires_at <= now))
