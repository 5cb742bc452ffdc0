"""People, and the numbers they may act for."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, select, union
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.identity import CallerKind, WritingNumber
from gateway.people import Person
from gateway.store.tables import delegations, users, writing_numbers


async def password_of(connection: AsyncConnection, email: str) -> tuple[str, str] | None:
    """User id and password hash of an active account."""
    query = select(users.c.user_id, users.c.password_hash).where(users.c.email == email, users.c.active)
    row = (await connection.execute(query)).one_or_none()
    return (row.user_id, row.password_hash) if row else None


async def person(connection: AsyncConnection, user_id: str) -> Person | None:
    row = (await connection.execute(select(users).where(users.c.user_id == user_id, users.c.active))).one_or_none()
    if row is None:
        return None
    delegated = select(delegations.c.number).where(delegations.c.delegate_id == user_id)
    numbers = select(writing_numbers).order_by(writing_numbers.c.state, writing_numbers.c.number)
    if row.role == CallerKind.DELEGATE:
        numbers = numbers.where(writing_numbers.c.number.in_(delegated))
    else:
        numbers = numbers.where(writing_numbers.c.user_id == user_id)
    found = tuple(_number(number) for number in await connection.execute(numbers))
    return Person(row.user_id, row.email, row.name, CallerKind(row.role), found)


async def users_of_number(connection: AsyncConnection, number: str) -> list[str]:
    """The producer whom a writing number names, and every delegate who may act for it."""
    owner = select(writing_numbers.c.user_id).where(writing_numbers.c.number == number)
    delegates = select(delegations.c.delegate_id).where(delegations.c.number == number)
    return list((await connection.execute(union(owner, delegates))).scalars())


def _number(row: Row[Any]) -> WritingNumber:
    return WritingNumber(row.number, row.state, row.producer_name, row.company_name)
