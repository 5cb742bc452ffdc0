"""Documents on PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

import services.documents.__main__ as documents
from chassis.db import Database, Transactions
from chassis.db.migrate import downgrade, upgrade
from chassis.kernel import FixedClock
from services.documents.domain.document import ApplicationPdf
from services.documents.events import translate
from services.documents.store.tables import PLUMBING, Base
from services.documents.store.work import DocumentsWork
from services.documents.usecases.ports import Expected
from services.documents.usecases.render_application import RenderApplication, Submission
from tests.unit.services.documents.fakes import FakeApplications, FakeTypesetter

PDF = ApplicationPdf("A-0638", "107864325", b"%PDF-1.7 \x00", datetime(2026, 3, 12, 17, tzinfo=UTC), ("terms 2026.1",))


@pytest.fixture
def transactions(database: str) -> Iterator[Transactions[DocumentsWork]]:
    db = Database(database)
    upgrade(db.engine, documents.SERVICE.migrations)
    yield Transactions(db, DocumentsWork, PLUMBING, translate)
    db.close()


def test_migrations_go_up_down_and_up_and_match_the_tables(database: str) -> None:
    db = Database(database)
    upgrade(db.engine, documents.SERVICE.migrations)
    downgrade(db.engine, documents.SERVICE.migrations, "base")
    upgrade(db.engine, documents.SERVICE.migrations)
    with db.transaction() as session:
        for table in Base.metadata.sorted_tables:
            session.execute(select(table).limit(0))
    db.close()


def test_a_document_is_expected_then_there_and_never_replaced(transactions: Transactions[DocumentsWork]) -> None:
    with transactions() as work:
        assert work.documents.get("A-0638") is None
        assert work.documents.expect("A-0638", "107864325")
        assert work.documents.get("A-0638") == Expected("107864325", None)
    with transactions() as work:
        assert work.documents.put(PDF)
        assert not work.documents.put(replace(PDF, content=b"other"))
    with transactions() as work:
        assert not work.documents.expect("A-0638", "107864325")
        assert work.documents.get("A-0638") == Expected("107864325", PDF)


def test_half_a_document_cannot_be_stored(transactions: Transactions[DocumentsWork]) -> None:
    statement = text(
        "insert into application_pdf (record_number, writing_number, content, texts) values ('A-1', '1', 'x', '{}')"
    )
    with pytest.raises(IntegrityError), transactions() as work:
        work.session.execute(statement)


def test_deliveries_at_the_same_time_leave_one_document_and_one_event(
    transactions: Transactions[DocumentsWork],
) -> None:
    clock = FixedClock.at("2026-03-12")
    render = RenderApplication(transactions, FakeApplications(), FakeTypesetter(), clock)
    submissions = [Submission("A-0639", "220002580", "queue", f"m-{number % 3}") for number in range(6)]
    threads = [threading.Thread(target=render, args=(submission,)) for submission in submissions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with transactions() as work:
        sent = work.session.execute(text("select type, subject from outbox")).all()
        audited = work.session.execute(text("select action from audit")).scalars().all()
    assert [tuple(row) for row in sent] == [("documents.application_pdf.rendered.v1", "A-0639")]
    assert audited == ["application_pdf.rendered"]
