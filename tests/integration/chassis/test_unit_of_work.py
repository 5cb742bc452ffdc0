"""The unit of work on PostgreSQL: the same cases as for the fake of unit tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import MetaData, select

from chassis.db import Database, PostgresTransactions, PostgresUnitOfWork, infrastructure_tables
from chassis.kernel import Transactions, UnitOfWork
from tests.contracts.unit_of_work import UnitOfWorkContract
from tests.integration.chassis.toy.service import NoteWritten, translate


class OnPostgres:
    def __init__(self, database: Database) -> None:
        metadata = MetaData()
        self._database, self._tables = database, infrastructure_tables(metadata)
        metadata.create_all(database.engine)
        self.transactions: Transactions[UnitOfWork] = PostgresTransactions(
            database, PostgresUnitOfWork, self._tables, translate
        )

    def note(self, subject: str) -> object:
        return NoteWritten("1", subject, "hello")

    def subjects(self) -> list[str]:
        outbox = self._tables.outbox
        with self._database.transaction() as session:
            return list(session.scalars(select(outbox.c.subject).order_by(outbox.c.id)))

    def audit(self) -> list[tuple[object, ...]]:
        audit = self._tables.audit.c
        shown = (audit.at, audit.actor, audit.subject, audit.action, audit.summary, audit.on_behalf_of)
        with self._database.transaction() as session:
            rows = session.execute(select(*shown, audit.changed_fields).order_by(audit.id))
            return [(*row[:6], tuple(row[6])) for row in rows]


class TestPostgresUnitOfWork(UnitOfWorkContract):
    @pytest.fixture
    def committed(self, database: str) -> Iterator[OnPostgres]:
        db = Database(database)
        yield OnPostgres(db)
        db.close()
