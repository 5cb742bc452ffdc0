"""Changes to users, their passwords and their writing numbers: rows only; ``gateway.identity`` decides about them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.identity import WritingNumber
from gateway.store.organization_rows import SIGNS_IN_THERE, WAS_THERE
from gateway.store.tables import delegations, password_links, users, writing_numbers


@dataclass(frozen=True, slots=True)
class Account:
    """A row of users. ``has_password``: whether one was set; it is kept from everybody else.

    ``by_organization``: signs in at the organization's provider; ``was_there``: and has done so, or is known there.
    """

    user_id: str
    email: str
    name: str
    role: str
    active: bool
    has_password: bool
    by_organization: bool
    was_there: bool


_ACCOUNT = (
    users.c.user_id,
    users.c.email,
    users.c.name,
    users.c.role,
    users.c.active,
    users.c.password_hash.is_not(None),
    SIGNS_IN_THERE,
    WAS_THERE,
)


async def add_user(connection: AsyncConnection, user_id: str, email: str, name: str, role: str) -> bool:
    """An account without a password; False when the address has one already."""
    row = {"user_id": user_id, "email": email, "name": name, "role": role}
    added = upsert(users).values(row).on_conflict_do_nothing(index_elements=["email"]).returning(users.c.user_id)
    return (await connection.execute(added)).first() is not None


async def find_account(connection: AsyncConnection, email: str) -> Account | None:
    row = (await connection.execute(select(*_ACCOUNT).where(users.c.email == email))).one_or_none()
    return Account(*row) if row else None


async def list_accounts(connection: AsyncConnection) -> list[Account]:
    return [Account(*row) for row in await connection.execute(select(*_ACCOUNT).order_by(users.c.email))]


async def set_active(connection: AsyncConnection, user_id: str, active: bool) -> None:
    await connection.execute(update(users).where(users.c.user_id == user_id).values(active=active))


async def set_password(connection: AsyncConnection, user_id: str, password_hash: str | None) -> None:
    """None: no password signs in."""
    await connection.execute(update(users).where(users.c.user_id == user_id).values(password_hash=password_hash))


async def put_link(connection: AsyncConnection, user_id: str, secret_hash: bytes, expires_at: datetime) -> None:
    """In place of the one that the person had."""
    row = {"secret_hash": secret_hash, "expires_at": expires_at}
    put = upsert(password_links).values(user_id=user_id, **row)
    await connection.execute(put.on_conflict_do_update(index_elements=["user_id"], set_=row))


async def find_link(connection: AsyncConnection, secret_hash: bytes, now: datetime) -> Account | None:
    """Whose password a link sets: of an active account, and before it expires."""
    query = (
        select(*_ACCOUNT)
        .select_from(users.join(password_links))
        .where(password_links.c.secret_hash == secret_hash, password_links.c.expires_at > now, users.c.active)
    )
    row = (await connection.execute(query)).one_or_none()
    return Account(*row) if row else None


async def remove_links(connection: AsyncConnection, user_id: str) -> None:
    await connection.execute(delete(password_links).where(password_links.c.user_id == user_id))


async def use_link(connection: AsyncConnection, secret_hash: bytes) -> bool:
    """False when it is gone: it was used meanwhile, or another one took its place."""
    link = password_links.c
    used = delete(password_links).where(link.secret_hash == secret_hash).returning(link.user_id)
    return (await connection.execute(used)).first() is not None


async def list_numbers(connection: AsyncConnection, user_id: str) -> list[WritingNumber]:
    n = writing_numbers.c
    query = select(n.number, n.state, n.producer_name, n.company_name, n.phone, n.npn).where(n.user_id == user_id)
    return [WritingNumber(*row) for row in await connection.execute(query.order_by(n.state, n.number))]


async def find_owner_of_number(connection: AsyncConnection, number: str) -> str | None:
    """The address of the producer who has a writing number."""
    query = select(users.c.email).select_from(writing_numbers.join(users)).where(writing_numbers.c.number == number)
    return (await connection.execute(query)).scalar_one_or_none()


async def put_number(connection: AsyncConnection, user_id: str, number: WritingNumber) -> None:
    """A new number, or other facts about it; its owner stays."""
    facts = {
        "state": number.state,
        "producer_name": number.producer_name,
        "company_name": number.company_name,
        "phone": number.phone,
        "npn": number.npn,
    }
    put = upsert(writing_numbers).values(number=number.number, user_id=user_id, **facts)
    await connection.execute(put.on_conflict_do_update(index_elements=["number"], set_=facts))


async def list_delegates_of_number(connection: AsyncConnection, number: str) -> list[str]:
    """Their user ids; each of them keeps the access as it is until the transaction ends."""
    query = select(delegations.c.delegate_id).where(delegations.c.number == number).with_for_update()
    return list((await connection.execute(query)).scalars())


async def remove_number(connection: AsyncConnection, number: str) -> None:
    """A number that no delegate may use any more."""
    await connection.execute(delete(writing_numbers).where(writing_numbers.c.number == number))
