"""Which rows of a suite change while something is done: triggers note each row that is new, gone or different."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, create_engine, make_url, text

_SCHEMA = """
create schema row_changes;
create table row_changes.change (
  id bigint generated always as identity, client_port int not null, table_name text, operation text
);
create function row_changes.note() returns trigger language plpgsql security definer as $$
begin
  if tg_op <> 'UPDATE' or old is distinct from new then
    insert into row_changes.change (client_port, table_name, operation)
    values (inet_client_port(), tg_table_name, tg_op);
  end if;
  return null;
end $$;
"""
_TABLES = "select tablename from pg_tables where schemaname = 'public' and tablename <> 'alembic_version'"
_TRIGGER = """
create trigger row_changes after insert or update or delete on public.{}
for each row execute function row_changes.note()
"""
# Who was told what is noted for each answer, and sealed by a timer: no effect of what was asked.
NOTES = {"access_log", "audit_seals"}
_TAKE = "delete from row_changes.change returning client_port, table_name, operation"


@dataclass(frozen=True, slots=True)
class RowChange:
    """``table``: "quote.outbox"; ``port``: from where the writing process talks to PostgreSQL."""

    table: str
    port: int
    operation: str


class RowChanges:
    """Of the databases of a suite, by their names; what a transaction rolls back is not there."""

    def __init__(self, connections: Mapping[str, Connection]) -> None:
        self.connections = connections

    def take(self, *databases: str) -> list[RowChange]:
        """What changed since the last time, in these databases or in all."""
        return [
            RowChange(f"{name}.{table}", port, operation)
            for name in databases or self.connections
            for port, table, operation in self.connections[name].execute(text(_TAKE))
        ]

    def take_effects(self) -> list[RowChange]:
        """Without the notes of who was told what."""
        return [change for change in self.take() if change.table.partition(".")[2] not in NOTES]

    def count_new(self) -> Counter[str]:
        """By table, how many rows there are more than the last time, without those notes."""
        found: Counter[str] = Counter()
        for change in self.take_effects():
            found[change.table] += {"INSERT": 1, "DELETE": -1, "UPDATE": 0}[change.operation]
        return found


@contextmanager
def watch_rows(administrator: str, databases: Mapping[str, str]) -> Iterator[RowChanges]:
    """``administrator``: a URL of the server that may do everything; ``databases``: URLs by the names to tell them by.

    The triggers are dropped at the end, so that other tests find the suite as it was.
    """
    engines = {
        name: create_engine(
            make_url(administrator).set(drivername="postgresql+psycopg2", database=make_url(url).database),
            isolation_level="AUTOCOMMIT",
        )
        for name, url in databases.items()
    }
    connections = {name: engine.connect() for name, engine in engines.items()}
    try:
        for connection in connections.values():
            connection.exec_driver_sql("drop schema if exists row_changes cascade")
            connection.exec_driver_sql(_SCHEMA)
            for table in connection.scalars(text(_TABLES)).all():
                connection.exec_driver_sql(_TRIGGER.format(f'"{table}"'))
        yield RowChanges(connections)
    finally:
        for connection in connections.values():
            # one table at a time: with several locked at once, a process that goes on writing meets a deadlock
            for table in connection.scalars(text(_TABLES)).all():
                connection.exec_driver_sql(f'drop trigger if exists row_changes on public."{table}"')
            connection.exec_driver_sql("drop schema row_changes cascade")
            connection.close()
        for engine in engines.values():
            engine.dispose()
