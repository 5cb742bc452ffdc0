"""A connection of psycopg2 that spares round trips, which cost a short transaction more than its statements.

``BEGIN`` goes out in front of the first statement instead of by itself, and a statement of which nobody wants to know
anything goes out in front of the next one, which may be the commit. PostgreSQL runs what comes in one message in order,
and nothing behind what fails: the error is then that of the statement, or of the commit, that it was sent with.
"""

from __future__ import annotations

from typing import Any, TypeVar

from psycopg2.extensions import (
    ISOLATION_LEVEL_AUTOCOMMIT,
    ISOLATION_LEVEL_READ_COMMITTED,
    ISOLATION_LEVEL_REPEATABLE_READ,
    ISOLATION_LEVEL_SERIALIZABLE,
    TRANSACTION_STATUS_IDLE,
    connection,
    cursor,
)
from sqlalchemy import Engine, Executable, event

S = TypeVar("S", bound=Executable)
_OPTION = "deferred"
_BEGIN = {
    ISOLATION_LEVEL_AUTOCOMMIT: b"",
    ISOLATION_LEVEL_READ_COMMITTED: b"begin",
    ISOLATION_LEVEL_REPEATABLE_READ: b"begin isolation level repeatable read",
    ISOLATION_LEVEL_SERIALIZABLE: b"begin isolation level serializable",
}


def deferred(statement: S) -> S:
    """The same statement for when nobody needs its result: it is sent with the next one of its transaction."""
    return statement.execution_options(**{_OPTION: True})


def defer_where_asked(engine: Engine) -> None:
    """For an engine of ``BatchingConnection``: a statement made by ``deferred`` waits for the next one."""

    @event.listens_for(engine, "do_execute")
    def defer(cursor: BatchingCursor, statement: str, parameters: Any, context: Any) -> bool:
        if not context.execution_options.get(_OPTION):
            return False
        cursor.defer(statement, parameters)
        return True


class BatchingConnection(connection):
    """Behaves as psycopg2's own: a transaction begins by itself and ends with ``commit`` or ``rollback``."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.autocommit = True  # or psycopg2 would send BEGIN by itself
        self._begin = _BEGIN[ISOLATION_LEVEL_READ_COMMITTED]
        self._deferred: list[bytes] = []

    def set_isolation_level(self, level: Any) -> None:
        """Of transactions from the next one on; psycopg2's own would begin them by itself from then on."""
        self._begin = _BEGIN[level]

    def cursor(self, name: Any = None, *args: Any, **options: Any) -> Any:
        if name is None:
            return super().cursor(None, *args, **{"cursor_factory": BatchingCursor, **options})
        # One of the server's, from which rows are fetched a part at a time. psycopg2 declares it by itself, and where
        # it does not begin transactions it takes none that ends with one.
        if unsent := self.take_unsent():
            with super().cursor() as ahead:
                ahead.execute(b"; ".join(unsent))
        return super().cursor(name, *args, **{"withhold": True, **options})

    def defer(self, statement: bytes) -> None:
        self._deferred.append(statement)

    def take_unsent(self) -> list[bytes]:
        """What has to be sent ahead of the next statement."""
        begins = self._begin and self.get_transaction_status() == TRANSACTION_STATUS_IDLE
        begin = [self._begin] if begins else []
        unsent, self._deferred = begin + self._deferred, []
        return unsent

    def commit(self) -> None:
        self._end("commit")

    def rollback(self) -> None:
        self._deferred.clear()
        self._end("rollback")

    def _end(self, how: str) -> None:
        if self._deferred or self.get_transaction_status() != TRANSACTION_STATUS_IDLE:
            with self.cursor() as ending:
                ending.execute(how)


class BatchingCursor(cursor):
    """Sends what its connection has kept back ahead of each statement."""

    connection: BatchingConnection

    def defer(self, statement: str, parameters: Any) -> None:
        self.connection.defer(self.mogrify(statement, parameters))

    def execute(self, query: Any, vars: Any = None) -> None:
        if unsent := self.connection.take_unsent():
            query, vars = b"; ".join([*unsent, self.mogrify(query, vars)]), None
        super().execute(query, vars)

    def executemany(self, query: Any, vars_list: Any) -> None:
        self._send_unsent()
        super().executemany(query, vars_list)

    def copy_expert(self, sql: Any, file: Any, size: int = 8192) -> None:
        self._send_unsent()
        super().copy_expert(sql, file, size)

    def _send_unsent(self) -> None:
        if unsent := self.connection.take_unsent():
            super().execute(b"; ".join(unsent))
