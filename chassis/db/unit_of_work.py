"""One request or message is one transaction: domain rows, inbox row, outbox rows and audit rows, or nothing.

Application code never commits. A service's store subclasses :class:`PostgresUnitOfWork` and adds its repositories.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Generic, TypeVar

from google.protobuf import json_format
from google.protobuf.message import Message
from sqlalchemy import ColumnElement, Table, select, text
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningInsert

from chassis import failpoints, telemetry
from chassis.db.access_log import Access, AuditLine, current_access, insert_access, insert_audit
from chassis.db.add_row import add_row
from chassis.db.batching import deferred
from chassis.db.database import Database
from chassis.db.infrastructure_tables import InfrastructureTables
from chassis.kernel import Command, new_id
from chassis.kernel.idempotency import key_reused


@dataclass(frozen=True, slots=True)
class OutgoingEvent:
    """A domain event as it goes out: its wire type, what it is about, and the proto message."""

    type: str
    subject: str
    message: Message


# Made by a service's ``events`` package: only that package knows wire names.
EventTranslator = Callable[[object], OutgoingEvent]


class PostgresUnitOfWork:
    """The transaction that is open now: the port ``chassis.kernel.UnitOfWork`` over PostgreSQL."""

    def __init__(self, session: Session, tables: InfrastructureTables, translate: EventTranslator) -> None:
        self.session = session
        self._tables = tables
        self._translate = translate

    def publish_event(self, event: object) -> None:
        """Put a domain event into the outbox; it leaves after the commit, and only then."""
        outgoing = self._translate(event)
        body = json_format.MessageToJson(outgoing.message, indent=None, preserving_proto_field_name=False)
        row = {"event_id": new_id(), "type": outgoing.type, "subject": outgoing.subject, "body": body.encode()}
        self.session.execute(add_row(self._tables.outbox), row | {"headers": telemetry.trace_headers()})

    def accept_message(self, consumer: str, message_id: str) -> bool:
        """True the first time that this consumer sees the message; False when its work is done already."""
        message = {"consumer": consumer, "message_id": message_id}
        first = self.session.execute(_add_new_row(self._tables.inbox), message).first() is not None
        failpoints.trigger_failpoint("after inbox before commit")
        return first

    def find_response(self, command: Command) -> str | None:
        """What an earlier call with this idempotency key gave, or None when the key is new and now ours.

        The key is held until the transaction ends, so a second call waits and then gets the first one's result.
        Raises AlreadyExists when the key came with other content.
        """
        table, mine = self._tables.idempotency, _key_of(command)
        claim = {**mine, "fingerprint": command.fingerprint, "result": ""}
        if self.session.execute(_add_new_row(table), claim).first() is not None:
            return None
        earlier = self.session.execute(select(table.c.fingerprint, table.c.result).where(*_is(table, mine))).one()
        if earlier.fingerprint != command.fingerprint:
            raise key_reused()
        return str(earlier.result)

    def save_response(self, command: Command, response: str) -> None:
        """Keep the answer for anyone who repeats the call: the id of what it made."""
        table = self._tables.idempotency
        self.session.execute(deferred(table.update().where(*_is(table, _key_of(command))).values(result=response)))

    def record_audit(
        self,
        at: datetime,
        actor: str,
        subject: str,
        action: str,
        summary: str,
        on_behalf_of: str = "",
        changed_fields: Sequence[str] = (),
    ) -> None:
        """Write an audit row; ``summary`` and ``changed_fields`` name fields and rules, never what a person typed."""
        line = AuditLine(at, actor, subject, action, summary, on_behalf_of, changed_fields)
        insert_audit(self.session, self._tables.audit, line)
        if access := current_access():
            access.add([subject])


@cache
def _add_new_row(table: Table) -> ReturningInsert[Any]:
    """An insert that gives a row only where none with that key was there."""
    return upsert(table).on_conflict_do_nothing().returning(*table.primary_key.columns)


def _unwritten_access() -> Access | None:
    """Of the call that runs now, when its row may go with this transaction."""
    access = current_access()
    return access if access and access.known_at_start and not access.written else None


def _key_of(command: Command) -> dict[str, str]:
    return {"principal": command.caller.subject, "operation": command.operation, "key": command.key}


def _is(table: Table, values: Mapping[str, str]) -> list[ColumnElement[bool]]:
    return [table.c[name] == value for name, value in values.items()]


U_co = TypeVar("U_co", bound=PostgresUnitOfWork, covariant=True)


class PostgresTransactions(Generic[U_co]):
    """Opens units of work: ``with transactions() as work: ...`` commits at the end, or rolls back on any error."""

    def __init__(
        self,
        database: Database,
        make: Callable[[Session, InfrastructureTables, EventTranslator], U_co],
        tables: InfrastructureTables,
        translate: EventTranslator,
    ) -> None:
        self._database = database
        self._make = make
        self._tables = tables
        self._translate = translate

    @contextmanager
    def __call__(self) -> Iterator[U_co]:
        with self._database.transaction() as session:
            yield self._make(session, self._tables, self._translate)
            session.flush()
            access = _unwritten_access()
            if access:
                insert_access(session, self._tables.access_log, access)
            wrote = _has_written(session)
            failpoints.trigger_failpoint("before commit", has_effect=wrote)
        if access:
            access.written = True
        failpoints.trigger_failpoint("after commit before publish", has_effect=wrote)


def _has_written(session: Session) -> bool:
    """Whether the transaction changed anything; asked in tests alone."""
    if not any(failpoints.is_watched(point) for point in ("before commit", "after commit before publish")):
        return True
    return session.scalar(text("select pg_current_xact_id_if_assigned() is not null")) is True
