"""Connections to the gateway's database: asynchronous, psycopg 3 (no eventlet here, so its C wait does no harm)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from chassis import failpoints
from chassis.db.database import (
    KEEPALIVE,
    POOL_SIZE,
    POOL_WAIT_SECONDS,
    TRANSIENT_ERRORS,
    ask_when_idle,
    database_away,
    session_options,
)

# Every statement here reads or writes a handful of rows by key.
STATEMENT_TIMEOUT_MS = 5_000


class GatewayDatabase:
    """Transactions on the gateway's database."""

    def __init__(self, url: str) -> None:
        self._engine = create_async_engine(
            url,
            pool_size=POOL_SIZE,
            max_overflow=0,
            pool_timeout=POOL_WAIT_SECONDS,
            connect_args={
                "connect_timeout": POOL_WAIT_SECONDS,
                **KEEPALIVE,
                "options": session_options(STATEMENT_TIMEOUT_MS),
            },
        )
        ask_when_idle(self._engine.sync_engine)
        self._autocommit = self._engine.execution_options(isolation_level="AUTOCOMMIT")

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """A connection whose work is committed when the block ends and rolled back when it raises.

        Raises Unavailable when the database is away, restarts, or has no connection or lock to give in time.
        """
        try:
            async with self._engine.begin() as connection:
                yield connection
                wrote = await _has_written(connection)
                failpoints.trigger_failpoint("before commit", has_effect=wrote)
            failpoints.trigger_failpoint("after commit before publish", has_effect=wrote)
        except TRANSIENT_ERRORS as lost:
            raise database_away() from lost

    @asynccontextmanager
    async def autocommit_read(self) -> AsyncIterator[AsyncConnection]:
        """A connection for a single read, without the round trips that begin and end a transaction."""
        try:
            async with self._autocommit.connect() as connection:
                yield connection
        except TRANSIENT_ERRORS as lost:
            raise database_away() from lost

    async def check(self) -> None:
        """Raise when the database does not answer."""
        async with self._engine.connect() as connection:
            await connection.execute(text("select 1"))

    async def close(self) -> None:
        await self._engine.dispose()


async def _has_written(connection: AsyncConnection) -> bool:
    """Whether the transaction changed anything; asked in tests alone."""
    if not any(failpoints.is_watched(point) for point in ("before commit", "after commit before publish")):
        return True
    found = await connection.execute(text("select pg_current_xact_id_if_assigned() is not null"))
    return found.scalar() is True
