"""Failed events that were sent on to their next place; ``chassis.db.forwarded`` says what for, this is its twin for an
asynchronous process.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

from sqlalchemy import Table, delete, func
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import telemetry
from chassis.db.forwarded import (
    FailedAttempt,
    forget_message,
    lock_message,
    note_attempt,
    query_attempt,
)
from chassis.kernel import Unavailable
from gateway.store.database import GatewayDatabase
from gateway.store.tables import forwarded_messages

# Connections that may wait for a broker's confirm at once: pages and API share the pool, and need the others.
SENT_AT_ONCE = 2


class AsyncForwardedMessages:
    """The port ``gateway.events.listener.AsyncForwarded``.

    A database that is away costs certainty, never a message: what cannot be asked was not sent on, and what cannot be
    noted may come twice.
    """

    def __init__(self, database: GatewayDatabase, table: Table = forwarded_messages) -> None:
        self._database = database
        self._table = table
        self._sending = asyncio.Semaphore(SENT_AT_ONCE)

    async def attempt(self, queue: str, message_id: str) -> int:
        """The last attempt that was sent on; 0 when there is none, or nobody can say."""
        try:
            async with self._database.transaction() as connection:
                return await self._last_attempt(connection, queue, message_id)
        except (Unavailable, SQLAlchemyError) as away:
            telemetry.get_logger().warning("forwarded messages not asked", queue=queue, exc_info=away)
            return 0

    async def send_once(self, message: FailedAttempt, send: Callable[[], Awaitable[None]]) -> bool:
        """Send a failed message on and note its attempt; False, without sending, when it was noted before.

        Asking, sending and noting happen under a lock of the message. What ``send`` raises passes through.
        """
        if message.begins_anew:
            await self._forget(message)  # and commit: the copy may arrive before this ends, and must find no old note
        sent = False
        try:
            async with self._sending, self._database.transaction() as connection:
                await connection.execute(lock_message(message))
                if await self._last_attempt(connection, message.queue, message.message_id) >= message.attempt:
                    return False
                await send()
                sent = True
                note = note_attempt(self._table, message.queue, message.message_id, message.attempt)
                await connection.execute(note)
        except (Unavailable, SQLAlchemyError) as away:
            telemetry.get_logger().warning("forwarded message not noted", queue=message.queue, exc_info=away)
            if not sent:
                await send()
        return True

    async def prune(self, older_than: timedelta) -> None:
        async with self._database.transaction() as connection:
            await connection.execute(delete(self._table).where(self._table.c.at < func.now() - older_than))

    async def _last_attempt(self, connection: AsyncConnection, queue: str, message_id: str) -> int:
        found = await connection.execute(query_attempt(self._table, queue, message_id))
        return int(found.scalar() or 0)

    async def _forget(self, message: FailedAttempt) -> None:
        try:
            async with self._database.transaction() as connection:
                await connection.execute(forget_message(self._table, message.queue, message.message_id))
        except (Unavailable, SQLAlchemyError) as away:
            telemetry.get_logger().warning("forwarded message not forgotten", queue=message.queue, exc_info=away)
