"""Threads that wait until PostgreSQL notifies a channel with the key that they wait for.

One connection listens for all of them, as long as there are some. While it is lost nobody is told, so whoever waits
also looks now and then.
"""

from __future__ import annotations

import select
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import SQLAlchemyError

from chassis import telemetry
from chassis.db.database import Database, Notifications

# After a failure: the database is looked for again about as often as anyone who waits looks by himself.
FAILURE_PAUSE_SECONDS = 1.0
# When nobody has waited for so long, the connection is given back; the next one opens another in some milliseconds.
IDLE_SECONDS = 60.0


class NotifiedKeys:
    """``expect`` before the work whose end will be told, then wait for what it gives."""

    def __init__(self, database: Database, channel: str) -> None:
        self._database = database
        self._channel = channel
        self._expected: defaultdict[str, set[threading.Event]] = defaultdict(set)
        self._lock = threading.Lock()
        self._listener: threading.Thread | None = None

    @contextmanager
    def expect(self, key: str) -> Iterator[threading.Event]:
        """An event that is set when the key is told, once or often, until the block ends."""
        told = threading.Event()
        with self._lock:
            self._expected[key].add(told)
            if self._listener is None:
                self._listener = threading.Thread(target=self._listen, name=self._channel, daemon=True)
                self._listener.start()
        try:
            yield told
        finally:
            with self._lock:
                self._expected[key].discard(told)
                if not self._expected[key]:
                    del self._expected[key]

    def _listen(self) -> None:
        while self._is_needed():
            try:
                with self._database.listen(self._channel) as notifications:
                    self._tell_all(notifications)
            except (SQLAlchemyError, OSError, self._database.driver_error) as lost:
                telemetry.get_logger().warning("listener pauses", exc_info=lost)
                time.sleep(FAILURE_PAUSE_SECONDS)

    def _tell_all(self, notifications: Notifications) -> None:
        while select.select([notifications], [], [], IDLE_SECONDS)[0] or self._expected:
            self._tell(notifications.take())

    def _is_needed(self) -> bool:
        """Where it is not, this thread ends, and the next one who waits starts another."""
        with self._lock:
            if not self._expected:
                self._listener = None
            return bool(self._expected)

    def _tell(self, keys: list[str]) -> None:
        with self._lock:
            for key in keys:
                for told in self._expected.get(key, ()):
                    told.set()
