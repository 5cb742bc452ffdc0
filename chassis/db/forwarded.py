"""Which attempts of failed messages were republished: the original, delivered again afterwards, is a duplicate.

Publishing the copy and acknowledging the original are two steps, and the second may fail: without a record of the
first, each such failure would double the message (docs/adr/0004). Only failed messages are recorded.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Connection, DateTime, Executable, Integer, MetaData, Table, Text, delete, func, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from chassis import telemetry
from chassis.db.database import Database
from chassis.kernel import Unavailable


@dataclass(frozen=True, slots=True)
class FailedAttempt:
    """A failed attempt to handle a message. ``begins_anew``: no earlier attempt counts, since the message is new or was
    replayed from the dead letters."""

    queue: str
    message_id: str
    attempt: int
    begins_anew: bool


def forwarded_table(metadata: MetaData) -> Table:
    """Add the table to a service's metadata."""
    return Table(
        "forwarded_message",
        metadata,
        Column("queue", Text, primary_key=True),
        Column("message_id", Text, primary_key=True),
        # The last attempt that was republished, as in the header x-suite-attempt.
        Column("attempt", Integer, nullable=False),
        Column("at", DateTime(timezone=True), nullable=False, server_default=func.now(), index=True),
    )


def create_forwarded(connection: Connection) -> None:
    """Create the table; called by a migration of each service."""
    metadata = MetaData()
    forwarded_table(metadata)
    metadata.create_all(connection)


def query_attempt(table: Table, queue: str, message_id: str) -> Executable:
    return select(table.c.attempt).where(table.c.queue == queue, table.c.message_id == message_id)


def note_attempt(table: Table, queue: str, message_id: str, attempt: int) -> Executable:
    row: Any = upsert(table).values(queue=queue, message_id=message_id, attempt=attempt, at=func.now())
    keys = [table.c.queue, table.c.message_id]
    change = {"attempt": row.excluded.attempt, "at": row.excluded.at}
    statement: Executable = row.on_conflict_do_update(index_elements=keys, set_=change)
    return statement


def forget_message(table: Table, queue: str, message_id: str) -> Executable:
    return delete(table).where(table.c.queue == queue, table.c.message_id == message_id)


class ForwardedMessages:
    """The port ``chassis.bus.subscribe.Forwarded``; ``gateway.store.forwarded`` has it for asynchronous processes.

    While the database is unavailable a message may be delivered twice, but none is lost: an attempt that cannot be
    looked up counts as not republished, and one that cannot be recorded is republished all the same.
    """

    def __init__(self, database: Database, table: Table) -> None:
        self._database = database
        self._table = table

    def attempt(self, queue: str, message_id: str) -> int:
        """The last attempt that was republished; 0 when there is none, or the database is unavailable."""
        try:
            with self._database.transaction() as session:
                return session.execute(query_attempt(self._table, queue, message_id)).scalar() or 0
        except (Unavailable, SQLAlchemyError) as away:
            telemetry.get_logger().warning("forwarded messages not asked", queue=queue, exc_info=away)
            return 0

    def send_once(self, message: FailedAttempt, send: Callable[[], None]) -> bool:
        """Republish a failed message and record its attempt; False, without sending, when that was recorded before.

        A message and its copy may fail at the same moment, in two greenlets or two processes: reading, sending and
        recording happen under a lock of the message, or both would be republished. What `send` raises passes through.
        """
        if message.begins_anew:
            self._forget(message)  # and commit: the copy may arrive before this ends, and must find no old note
        sent = False
        try:
            with self._database.transaction() as session:
                _lock(session, message)
                last = session.execute(query_attempt(self._table, message.queue, message.message_id)).scalar() or 0
                if last >= message.attempt:
                    return False
                send()
                sent = True
                session.execute(note_attempt(self._table, message.queue, message.message_id, message.attempt))
        except (Unavailable, SQLAlchemyError) as away:
            telemetry.get_logger().warning("forwarded message not noted", queue=message.queue, exc_info=away)
            if not sent:
                send()
        return True

    def _forget(self, message: FailedAttempt) -> None:
        try:
            with self._database.transaction() as session:
                session.execute(forget_message(self._table, message.queue, message.message_id))
        except (Unavailable, SQLAlchemyError) as away:
            telemetry.get_logger().warning("forwarded message not forgotten", queue=message.queue, exc_info=away)


def lock_message(message: FailedAttempt) -> Executable:
    """Take the advisory lock of the message, which is held until the transaction ends.

    Waiting ends with the statement timeout; the message is then republished without the lock, as when the database is
    unavailable.
    """
    key = func.hashtextextended(f"{message.queue} {message.message_id}", 0)
    return select(func.pg_advisory_xact_lock(key))


def _lock(session: Session, message: FailedAttempt) -> None:
    session.execute(lock_message(message))
