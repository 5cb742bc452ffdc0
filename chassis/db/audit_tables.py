"""What makes changes of the audit seen: seals over its rows, and rights that do not allow any (docs/adr/0046)."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Connection, DateTime, LargeBinary, MetaData, Table, Text, inspect
from sqlalchemy.dialects.postgresql import INT8MULTIRANGE

from chassis.db.access_log import access_log_table

# Rows of these are only ever added. Where a database lacks one of them, as the gateway's, the others stand.
APPEND_ONLY = ("audit", "access_log", "audit_seals")


def audit_seals_table(metadata: MetaData) -> Table:
    """Add the table to a service's metadata."""
    return Table(
        "audit_seals",
        metadata,
        # Counted without a gap, from 1: the place in the chain.
        Column("number", BigInteger, primary_key=True, autoincrement=False),
        Column("table_name", Text, nullable=False),
        # Of the rows that are sealed, in ranges.
        Column("ids", INT8MULTIRANGE, nullable=False),
        # The highest id that was sealed so far, of this table.
        Column("sealed_up_to", BigInteger, nullable=False),
        # SHA-256 over the rows, in the order of their ids.
        Column("digest", LargeBinary, nullable=False),
        # The hash of the seal before; of none at first.
        Column("previous_hash", LargeBinary, nullable=False),
        # HMAC over all of the seal.
        Column("hash", LargeBinary, nullable=False),
        Column("sealed_at", DateTime(timezone=True), nullable=False),
    )


def create_audit_log(connection: Connection) -> None:
    """Create the log of accesses and the seals, and make the audit append-only; called by a migration of each service.

    Processes of the release before go on writing rows of the audit, which they do not sign.
    """
    metadata = MetaData()
    tables = [access_log_table(metadata), audit_seals_table(metadata)]
    metadata.create_all(connection, tables)
    connection.exec_driver_sql(
        "alter table audit add column trace_id text not null default '', add column signature bytea"
    )
    refuse_changes(connection, APPEND_ONLY)


def drop_audit_log(connection: Connection) -> None:
    connection.exec_driver_sql("drop table access_log, audit_seals")
    connection.exec_driver_sql("drop trigger refuse_change on audit")
    connection.exec_driver_sql("alter table audit drop column trace_id, drop column signature")
    connection.exec_driver_sql("drop function refuse_change()")


def refuse_changes(connection: Connection, tables: tuple[str, ...]) -> None:
    """For whoever owns the tables, and so may change their rows whatever is granted: it takes more than a slip."""
    connection.exec_driver_sql(
        "create function refuse_change() returns trigger language plpgsql as "
        "$$ begin raise exception using errcode = 'insufficient_privilege', "
        "message = 'rows of ' || tg_table_name || ' are only added'; end $$"
    )
    for table in tables:
        connection.exec_driver_sql(
            f"create trigger refuse_change before update or delete or truncate on {table} "
            "for each statement execute function refuse_change()"
        )


def grant_audit_log(connection: Connection, role: str) -> None:
    """Let a role that does not own the tables read and add rows, and do nothing else with them."""
    quoted = connection.dialect.identifier_preparer.quote(role)
    for table in set(APPEND_ONLY).intersection(inspect(connection).get_table_names()):
        connection.exec_driver_sql(f"revoke all on {table} from {quoted}")
        connection.exec_driver_sql(f"grant select, insert on {table} to {quoted}")
