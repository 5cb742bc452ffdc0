"""One service's database: engine, sessions, readiness."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import InterfaceError, InvalidatePoolError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session, sessionmaker

from chassis.db.batching import BatchingConnection, defer_where_asked
from chassis.db.signature import AuditSigner
from chassis.keepalive import PROBE_AFTER_SECONDS, PROBE_EVERY_SECONDS, PROBES, UNACKNOWLEDGED_SECONDS
from chassis.kernel import Unavailable

# A request that finds no free connection for this long is better refused than kept waiting (reliability.md 1.6).
POOL_WAIT_SECONDS = 5
# One for each rpc thread or worker greenlet, opened when needed and then kept: a pool that closes what lies beyond a
# smaller size would open connections all day under load. Four processes of a service stay under PostgreSQL's default of
# 100 connections.
POOL_SIZE = 20
# Such a read takes a fraction of a millisecond: these few serve every thread of a process.
AUTOCOMMIT_POOL_SIZE = 4
# No statement of ours needs longer; a stuck one must not hold its locks. Migrations set their own.
STATEMENT_TIMEOUT_MS = 15_000
# A connection that was in use this recently is taken to be alive; a busy process is spared a round trip for each
# transaction. One that died within the second fails its transaction as a database that is away does.
ALIVE_SECONDS = 1.0
# A server that is gone without a word is found out in seconds instead of hours. Its system answers probes, so a long
# statement or a lock is no matter.
KEEPALIVE = MappingProxyType(
    {
        "keepalives_idle": PROBE_AFTER_SECONDS,
        "keepalives_interval": PROBE_EVERY_SECONDS,
        "keepalives_count": PROBES,
        "tcp_user_timeout": UNACKNOWLEDGED_SECONDS * 1000,
    }
)
# The same from the server's side: a client that is gone without a word leaves a transaction open, with its locks.
_SERVER_KEEPALIVE = {
    "tcp_keepalives_idle": PROBE_AFTER_SECONDS,
    "tcp_keepalives_interval": PROBE_EVERY_SECONDS,
    "tcp_keepalives_count": PROBES,
    "tcp_user_timeout": UNACKNOWLEDGED_SECONDS * 1000,
}
# Where a session keeps the signer of its database.
SIGNER = "audit signer"
# What a database that restarts, is full or is locked looks like; the same work may succeed later.
TRANSIENT_ERRORS = (OperationalError, InterfaceError, PoolTimeoutError)


def database_away() -> Unavailable:
    return Unavailable("Our records are not available right now. Please try again in a minute.")


def ask_when_idle(engine: Engine) -> None:
    """Ask a connection that lay idle whether it lives; one that died with a restarted server is replaced unseen."""

    @event.listens_for(engine, "checkin")
    def remember(_connection: Any, record: Any) -> None:
        record.info["used_at"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def ask(connection: Any, record: Any, _proxy: Any) -> None:
        used_at = record.info.get("used_at")
        if used_at is None or time.monotonic() - used_at < ALIVE_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as dead:
            raise InvalidatePoolError from dead  # the pool then opens new connections


def session_options(statement_timeout_ms: int) -> str:
    """What every session begins with, as libpq takes it."""
    settings = {"statement_timeout": statement_timeout_ms, "timezone": "UTC", **_SERVER_KEEPALIVE}
    return " ".join(f"-c {name}={value}" for name, value in settings.items())


def _engine(url: str, connect_args: Mapping[str, Any] = MappingProxyType({}), **options: Any) -> Engine:
    engine = create_engine(
        make_url(url).set(drivername="postgresql+psycopg2"),
        max_overflow=0,
        pool_timeout=POOL_WAIT_SECONDS,
        # the one that was used last is known to be alive, and what PostgreSQL keeps for it is warm
        pool_use_lifo=True,
        connect_args={
            "connect_timeout": POOL_WAIT_SECONDS,
            **KEEPALIVE,
            "options": session_options(STATEMENT_TIMEOUT_MS),
            **connect_args,
        },
        **options,
    )
    ask_when_idle(engine)
    return engine


class Notifications:
    """What PostgreSQL notifies one connection of; wait for it with ``select``."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def fileno(self) -> int:
        return int(self._connection.fileno())

    def take(self) -> list[str]:
        """Read what is there; gives what each said. Raises the driver's error when the server is gone."""
        self._connection.poll()
        taken = [one.payload for one in self._connection.notifies]
        self._connection.notifies.clear()
        return taken


class Database:
    """Connections to one PostgreSQL database, opened when first used."""

    def __init__(self, url: str, audit_key: Callable[[], bytes] = bytes) -> None:
        """``audit_key``: what rows of the audit are signed with; tests do with the empty one."""
        self.signer = AuditSigner(audit_key)
        self.engine = _engine(
            url,
            {"connection_factory": BatchingConnection},
            pool_size=POOL_SIZE,
            executemany_mode="values_plus_batch",  # rows of one statement in one round trip, updates too
        )
        defer_where_asked(self.engine)
        # connections of its own: psycopg2 asks the server each time a connection changes to AUTOCOMMIT and back
        self._autocommit = _engine(url, pool_size=AUTOCOMMIT_POOL_SIZE, isolation_level="AUTOCOMMIT")
        self._sessions = sessionmaker(self.engine, expire_on_commit=False, info={SIGNER: self.signer})

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session that commits when the block ends and rolls back when it raises.

        Raises Unavailable when the database is away, restarts, or has no connection or lock to give in time.
        """
        try:
            with self._sessions.begin() as session:
                yield session
        except TRANSIENT_ERRORS as lost:
            raise database_away() from lost

    @contextmanager
    def autocommit_read(self) -> Iterator[Connection]:
        """A connection for a single read, without the round trips that begin and end a transaction.

        Raises Unavailable as ``transaction`` does.
        """
        try:
            with self._autocommit.connect() as connection:
                yield connection
        except TRANSIENT_ERRORS as lost:
            raise database_away() from lost

    def vacuum(self, *tables: str) -> None:
        """Clear what was deleted, and let indexes alone answer for the rows that are there: at once after a load, where
        autovacuum would come in its own time."""
        with self._autocommit.connect() as connection:
            connection.detach()  # the pool must not give it to anybody else, without its bound
            connection.execute(text("set statement_timeout = 0"))  # minutes for millions of rows
            connection.execute(text(f"vacuum {', '.join(tables)}"))

    @property
    def driver_error(self) -> type[Exception]:
        """What ``Notifications`` raise, beside SQLAlchemy's own, when the server is gone."""
        error: type[Exception] = self.engine.dialect.loaded_dbapi.Error
        return error

    @contextmanager
    def listen(self, channel: str) -> Iterator[Notifications]:
        """A connection of its own that hears what is notified on ``channel`` from now on, until the block ends."""
        with self._autocommit.connect() as connection:
            heard = Notifications(connection.connection.driver_connection)
            connection.detach()  # the pool must not give it to anybody else, still listening
            connection.execute(text(f'listen "{channel}"'))
            yield heard

    def check(self) -> None:
        """Raise when the database does not answer; for readiness."""
        with self.engine.connect() as connection:
            connection.execute(text("select 1"))

    def close(self) -> None:
        self.engine.dispose()
        self._autocommit.dispose()
