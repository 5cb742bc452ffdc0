"""Who was told what about whom: a row for every answer with personal data and every event that was handled.

A row is written in the first transaction of the call that it belongs to, or else before the answer leaves; without the
row there is no answer (docs/adr/0046). It says kinds of data, never data.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Column, DateTime, Identity, Index, LargeBinary, MetaData, Table, Text
from sqlalchemy.orm import Session

from chassis import telemetry
from chassis.db.add_row import add_row
from chassis.db.database import SIGNER, Database
from chassis.db.signature import AuditSigner

ANSWERED = "answered"


@dataclass(slots=True)
class Access:
    """One call or event while it is handled. ``subjects``: record numbers and ids of clients and quotes."""

    at: datetime
    actor: str
    # "producer", "delegate", "service", or "event".
    actor_kind: str
    operation: str
    personal_data: Sequence[str] = ()
    subjects: list[str] = field(default_factory=list)
    on_behalf_of: str = ""
    # Of emergency access, under which the call was allowed.
    grant_id: str = ""
    outcome: str = ANSWERED
    # Whether the request alone says about whom it is: then the first transaction may take the row.
    known_at_start: bool = False
    written: bool = False

    def add(self, subjects: Sequence[str]) -> None:
        self.subjects += [one for one in subjects if one not in self.subjects]

    @property
    def row(self) -> dict[str, Any]:
        return {
            "at": self.at,
            "actor": self.actor,
            "actor_kind": self.actor_kind,
            "on_behalf_of": self.on_behalf_of,
            "grant_id": self.grant_id,
            "operation": self.operation,
            "subjects": list(self.subjects),
            "personal_data": list(self.personal_data),
            "outcome": self.outcome,
            "trace_id": telemetry.current_trace_id(),
        }


_current: ContextVar[Access | None] = ContextVar("access", default=None)


@contextmanager
def handling(access: Access) -> Iterator[None]:
    """What happens within belongs to this access."""
    token = _current.set(access)
    try:
        yield
    finally:
        _current.reset(token)


def current_access() -> Access | None:
    """Of the call or event that is handled now."""
    return _current.get()


def access_log_table(metadata: MetaData) -> Table:
    """Add the table to a service's metadata."""
    table = Table(
        "access_log",
        metadata,
        Column("id", BigInteger, Identity(always=True), primary_key=True),
        Column("at", DateTime(timezone=True), nullable=False),
        Column("actor", Text, nullable=False),
        Column("actor_kind", Text, nullable=False),
        Column("on_behalf_of", Text, nullable=False),
        Column("grant_id", Text, nullable=False),
        Column("operation", Text, nullable=False),
        Column("subjects", ARRAY(Text), nullable=False),
        Column("personal_data", ARRAY(Text), nullable=False),
        Column("outcome", Text, nullable=False),
        Column("trace_id", Text, nullable=False),
        Column("signature", LargeBinary, nullable=False),
    )
    # by person and by record, which is how an auditor asks
    Index("access_log_subjects", table.c.subjects, postgresql_using="gin")
    return table


class AccessLog:
    """Writes rows of one database."""

    def __init__(self, database: Database, table: Table) -> None:
        self._database = database
        self._table = table

    def write(self, access: Access) -> None:
        """By itself, unless its row is there or it is about nobody; Unavailable when the database does not take it."""
        if access.subjects and not access.written:
            with self._database.transaction() as session:
                insert_access(session, self._table, access)
            access.written = True


def insert_access(session: Session, table: Table, access: Access) -> None:
    """Within a transaction that is open: it goes out with the commit."""
    row = access.row
    session.execute(add_row(table), row | {"signature": signer_of(session).sign(table, row)})


@dataclass(frozen=True, slots=True)
class AuditLine:
    """What was done to a subject; ``summary`` and ``changed_fields`` name fields and rules, never values."""

    at: datetime
    actor: str
    subject: str
    action: str
    summary: str
    on_behalf_of: str = ""
    changed_fields: Sequence[str] = ()


def insert_audit(session: Session, table: Table, line: AuditLine) -> None:
    """Within a transaction that is open: it goes out with the next statement, or the commit."""
    row = asdict(line) | {"changed_fields": list(line.changed_fields), "trace_id": telemetry.current_trace_id()}
    session.execute(add_row(table), row | {"signature": signer_of(session).sign(table, row)})


def signer_of(session: Session) -> AuditSigner:
    """Of the database that the session is with."""
    found: AuditSigner = session.info[SIGNER]
    return found
