"""The bell while a page is open: streams that hear how many notifications of their person are unread (R3).

Notifications are written by whichever process heard the event, so each process asks the database: one statement every
few seconds for all of its streams, none while it has none. The same statement says whose session is over.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from chassis import telemetry
from chassis.kernel import Clock
from gateway.identity.sessions import Session
from gateway.settings import SessionLimits
from gateway.store import notifications
from gateway.store.database import GatewayDatabase

# Soon enough for somebody who looks at a page; one small statement in that time for a whole process.
POLL_SECONDS = 2.0
# Proxies close a connection that says nothing for 30 to 60 seconds.
HEARTBEAT_SECONDS = 15.0
# One tab of a browser listens for all of them (bell.js). The others are connections of a tab that was just left, or
# that a phone lost and this process does not know of yet.
MOST_OF_SESSION = 4
# A quarter of the 1,024 files that a process may have open unless told otherwise: the pages, the database and the
# services need theirs. Whoever gets none sees the count with the next page.
MOST_OF_PROCESS = 256


@dataclass(eq=False, slots=True)
class UnreadStream:
    """One open connection of a session."""

    secret_hash: bytes
    _told: asyncio.Event = field(default_factory=asyncio.Event)
    _unread: int | None = None
    _over: bool = False

    def tell(self, unread: int) -> None:
        if unread != self._unread:
            self._unread = unread
            self._told.set()

    def end(self) -> None:
        self._over = True
        self._told.set()

    async def counts(self) -> AsyncIterator[int | None]:
        """The count at first and whenever it changed; None after each silence of ``HEARTBEAT_SECONDS``."""
        while not self._over:
            try:
                async with asyncio.timeout(HEARTBEAT_SECONDS):
                    await self._told.wait()
            except TimeoutError:
                yield None
                continue
            self._told.clear()
            if not self._over:
                yield self._unread


class UnreadStreams:
    """The streams of one process. ``clock`` and ``limits`` are those of the sessions."""

    def __init__(self, database: GatewayDatabase, clock: Clock, limits: SessionLimits) -> None:
        self._database = database
        self._clock = clock
        self._limits = limits
        self._streams: set[UnreadStream] = set()
        self._watching: asyncio.Task[None] | None = None
        self._closed = False

    def open(self, session: Session) -> UnreadStream | None:
        """None when the session or the process has as many as it may, or shuts down; else ``remove`` it at the end."""
        of_session = Counter(stream.secret_hash for stream in self._streams)[session.secret_hash]
        if self._closed or of_session >= MOST_OF_SESSION or len(self._streams) >= MOST_OF_PROCESS:
            return None
        stream = UnreadStream(session.secret_hash)
        self._streams.add(stream)
        if self._watching is None or self._watching.done():
            self._watching = asyncio.create_task(self._watch())
        return stream

    def remove(self, stream: UnreadStream) -> None:
        self._streams.discard(stream)

    def close(self) -> None:
        """End every stream and open no more: a shutdown waits for connections, and these would not end."""
        self._closed = True
        for stream in self._streams:
            stream.end()

    async def stop(self) -> None:
        """End the task as well, before the database is closed."""
        self.close()
        if self._watching:
            self._watching.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watching

    async def _watch(self) -> None:
        away = False
        while self._streams and not self._closed:
            try:
                await self._tell()
                away = False
            except Exception as lost:  # whatever it is: pages go on, and the bell once the database is back
                if not away:
                    telemetry.get_logger().warning("unread notifications not counted", exc_info=lost)
                away = True
            await asyncio.sleep(POLL_SECONDS)

    async def _tell(self) -> None:
        asked, now = tuple(self._streams), self._clock.now()
        hashes = {stream.secret_hash for stream in asked}
        async with self._database.autocommit_read() as connection:
            found = await notifications.count_unread_of_sessions(
                connection, hashes, now - self._limits.idle, now - self._limits.absolute
            )
        for stream in asked:
            if stream.secret_hash in found:
                stream.tell(found[stream.secret_hash])
            else:
                stream.end()
