"""Failed events that were sent on to their next place (chassis.db.forwarded says what for)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.db.forwarded import forget_message, note_attempt, query_attempt
from gateway.store.tables import forwarded_messages as table


async def last_attempt(connection: AsyncConnection, queue: str, message_id: str) -> int:
    found = await connection.execute(query_attempt(table, queue, message_id))
    return int(found.scalar() or 0)


async def note(connection: AsyncConnection, queue: str, message_id: str, attempt: int, now: datetime) -> None:
    await connection.execute(note_attempt(table, queue, message_id, attempt, now))


async def forget(connection: AsyncConnection, queue: str, message_id: str) -> None:
    await connection.execute(forget_message(table, queue, message_id))


async def prune(connection: AsyncConnection, before: datetime) -> None:
    await connection.execute(table.delete().where(table.c.at < before))
