"""One service's database: engine, sessions, readiness."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session, sessionmaker

from chassis.kernel import Unavailable

# A request that finds no free connection for this long is better refused than kept waiting (reliability.md 1.6).
POOL_WAIT_SECONDS = 5
# Two per worker greenlet or rpc thread at most is more than they use; four processes of a service stay under
# PostgreSQL's default of 100 connections.
POOL_SIZE = 10
POOL_OVERFLOW = 10
# No statement of ours needs longer; a stuck one must not hold its locks. Migrations set their own.
STATEMENT_TIMEOUT_MS = 15_000
# What a database that restarts, is full or is locked looks like; the same work may succeed later.
PASSING = (OperationalError, InterfaceError, PoolTimeoutError)


def database_away() -> Unavailable:
    return Unavailable("Our records cannot be reached at the moment. Please try again in a minute.")


class Database:
    """Connections to one PostgreSQL database, opened when first used."""

    def __init__(self, url: str) -> None:
        self.engine = create_engine(
            make_url(url).set(drivername="postgresql+psycopg2"),
            pool_size=POOL_SIZE,
            max_overflow=POOL_OVERFLOW,
            pool_timeout=POOL_WAIT_SECONDS,
            pool_pre_ping=True,  # a connection that died with a restarted server is replaced unseen
            connect_args={
                "connect_timeout": POOL_WAIT_SECONDS,
                "options": f"-c statement_timeout={STATEMENT_TIMEOUT_MS} -c timezone=UTC",
            },
        )
        self._sessions = sessionmaker(self.engine, expire_on_commit=False)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session that commits when the block ends and rolls back when it raises.

        Raises Unavailable when the database is away, restarts, or has no connection or lock to give in time.
        """
        try:
            with self._sessions.begin() as session:
                yield session
        except PASSING as lost:
            raise database_away() from lost

    def check(self) -> None:
        """Raise when the database does not answer; for readiness."""
        with self.engine.connect() as connection:
            connection.execute(text("select 1"))

    def close(self) -> None:
        self.engine.dispose()
