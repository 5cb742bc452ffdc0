"""The tables that every service's database has beside its own: outbox, inbox, forwarded messages, keys, audit.

They are created by the service's first migration through :func:`create_infrastructure_tables`. The tables of
forwarded messages and of feeds, the audit's changed fields and the outbox's next try came later and have migrations of
their own.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    DateTime,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    func,
)
from sqlalchemy.dialects.postgresql import JSONB

from chassis.db.access_log import access_log_table
from chassis.db.audit_tables import audit_seals_table
from chassis.db.feeds import FeedTables, feed_tables
from chassis.db.forwarded import forwarded_table

# On which PostgreSQL tells the relay, at the commit, that the outbox has something new.
OUTBOX_CHANNEL = "outbox"


@dataclass(frozen=True, slots=True)
class InfrastructureTables:
    """The tables, bound to one metadata."""

    outbox: Table
    inbox: Table
    idempotency: Table
    audit: Table
    forwarded: Table
    access_log: Table
    audit_seals: Table
    feeds: FeedTables


def infrastructure_tables(metadata: MetaData) -> InfrastructureTables:
    """Add the infrastructure tables to a service's metadata."""
    tables = _tables_of_the_first_release(metadata)
    # Names of the fields that an act changed, as people read them.
    tables.audit.append_column(Column("changed_fields", JSONB, nullable=False, server_default="[]"))
    # Of the call, and by the process that wrote the row; empty in rows of a release before.
    tables.audit.append_column(Column("trace_id", Text, nullable=False, server_default=""))
    tables.audit.append_column(Column("signature", LargeBinary))
    # When an event that no queue took rests no longer; none before its first try.
    tables.outbox.append_column(Column("next_try_at", DateTime(timezone=True)))
    return tables


def create_infrastructure_tables(connection: Connection) -> None:
    """Create the tables as the first release had them; called by the first migration of each service."""
    metadata = MetaData()
    tables = _tables_of_the_first_release(metadata)
    metadata.create_all(connection, [tables.outbox, tables.inbox, tables.idempotency, tables.audit])


def create_outbox_notification(connection: Connection) -> None:
    """Wake the relay with each commit that puts something into the outbox, whoever wrote it."""
    connection.exec_driver_sql(
        "create function notify_outbox() returns trigger language plpgsql as "
        f"$$ begin perform pg_notify('{OUTBOX_CHANNEL}', ''); return null; end $$"
    )
    connection.exec_driver_sql(
        "create trigger notify_outbox after insert on outbox for each statement execute function notify_outbox()"
    )


def drop_outbox_notification(connection: Connection) -> None:
    connection.exec_driver_sql("drop trigger notify_outbox on outbox")
    connection.exec_driver_sql("drop function notify_outbox()")


def add_outbox_next_try(connection: Connection) -> None:
    """Relays of the release before leave the column empty, and so try at every look."""
    connection.exec_driver_sql("alter table outbox add column next_try_at timestamp with time zone")


def drop_outbox_next_try(connection: Connection) -> None:
    connection.exec_driver_sql("alter table outbox drop column next_try_at")


def _tables_of_the_first_release(metadata: MetaData) -> InfrastructureTables:
    outbox = Table(
        "outbox",
        metadata,
        Column("id", BigInteger, Identity(always=True), primary_key=True),
        Column("event_id", Text, nullable=False, unique=True),
        Column("type", Text, nullable=False),
        # What the event is about (a record number): events of one subject leave in the order written.
        Column("subject", Text, nullable=False),
        Column("body", LargeBinary, nullable=False),
        Column("headers", JSONB, nullable=False),
        Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        Column("sent_at", DateTime(timezone=True)),
        Column("attempts", Integer, nullable=False, server_default="0"),
        Column("last_error", Text),
    )
    Index("outbox_unsent", outbox.c.id, postgresql_where=outbox.c.sent_at.is_(None))
    Index("outbox_unsent_subject", outbox.c.subject, outbox.c.id, postgresql_where=outbox.c.sent_at.is_(None))
    inbox = Table(
        "inbox",
        metadata,
        # Scoped to the consuming queue: two handlers of one service may both hear one message.
        Column("consumer", Text, primary_key=True),
        Column("message_id", Text, primary_key=True),
        Column("received_at", DateTime(timezone=True), nullable=False, server_default=func.now(), index=True),
    )
    idempotency = Table(
        "idempotency",
        metadata,
        Column("principal", Text, primary_key=True),
        Column("operation", Text, primary_key=True),
        Column("key", Text, primary_key=True),
        Column("fingerprint", Text, nullable=False),
        Column("result", Text, nullable=False),
        Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now(), index=True),
    )
    audit = Table(
        "audit",
        metadata,
        Column("id", BigInteger, Identity(always=True), primary_key=True),
        Column("at", DateTime(timezone=True), nullable=False),
        Column("actor", Text, nullable=False),
        Column("on_behalf_of", Text, nullable=False, server_default=""),
        Column("subject", Text, nullable=False, index=True),
        Column("action", Text, nullable=False),
        # A sentence without values that people typed.
        Column("summary", Text, nullable=False, server_default=""),
    )
    return InfrastructureTables(
        outbox,
        inbox,
        idempotency,
        audit,
        forwarded_table(metadata),
        access_log_table(metadata),
        audit_seals_table(metadata),
        feed_tables(metadata, outbox),
    )
