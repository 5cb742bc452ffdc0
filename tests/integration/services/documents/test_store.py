"""Documents on PostgreSQL."""

from __future__ import annotations

import base64
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

import services.documents.__main__ as documents
from chassis.crypto import KeyRing
from chassis.db import Database, PostgresTransactions
from chassis.db.migrate import downgrade_schema, upgrade_schema
from chassis.kernel import AlreadyExists, Caller, CallerKind, Command, Conflict, FixedClock, WritingNumber
from services.documents.contract.upload_limits import UPLOAD_LIMITS
from services.documents.domain.document import ApplicationPdf, DocumentDamaged, RenderFailure
from services.documents.domain.proof import ProofDocument
from services.documents.events.outgoing import event_to_proto
from services.documents.store.contents import DocumentContents
from services.documents.store.document_ciphers import DocumentCiphers
from services.documents.store.tables import INFRASTRUCTURE, ApplicationPdfRow, Base, ProofDocumentRow
from services.documents.store.work import UnitOfWork
from services.documents.store.work import make_transactions as open_store
from services.documents.usecases.add_proof_document import AddProofDocument, Upload
from services.documents.usecases.ports import RequestedPdf
from services.documents.usecases.render_application import RenderApplication, Submission
from tests.unit.services.documents.fakes import (
    FakeApplicationSummaries,
    FakeInspector,
    FakeTypesetter,
)

KEY = base64.b64encode(bytes(32)).decode()
OTHER_KEY = base64.b64encode(bytes([1] * 32)).decode()
PDF = ApplicationPdf("A-0638", "107864325", b"%PDF-1.7 \x00", datetime(2026, 3, 12, 17, tzinfo=UTC), ("terms 2026.1",))


@pytest.fixture
def transactions(database: str) -> Iterator[PostgresTransactions[UnitOfWork]]:
    db = Database(database)
    upgrade_schema(db.engine, documents.SERVICE.migrations)
    yield open_store(db, DocumentContents(DocumentCiphers.with_keys(KeyRing.parse(KEY))), event_to_proto)
    db.close()


def test_migrations_go_up_down_and_up_and_match_the_tables(database: str) -> None:
    db = Database(database)
    upgrade_schema(db.engine, documents.SERVICE.migrations)
    downgrade_schema(db.engine, documents.SERVICE.migrations, "base")
    upgrade_schema(db.engine, documents.SERVICE.migrations)
    with db.transaction() as session:
        for table in Base.metadata.sorted_tables:
            session.execute(select(table).limit(0))
    db.close()


def test_a_document_is_requested_then_stored_and_never_replaced(transactions: PostgresTransactions[UnitOfWork]) -> None:
    with transactions() as work:
        assert work.application_pdfs.find_pdf("A-0638") is None
        assert work.application_pdfs.find_writing_number("A-0638") is None
        assert work.application_pdfs.request_pdf("A-0638", "107864325")
        assert work.application_pdfs.find_pdf("A-0638") == RequestedPdf("107864325", None)
        assert work.application_pdfs.find_writing_number("A-0638") == "107864325"
    with transactions() as work:
        assert work.application_pdfs.save_pdf(PDF)
        assert not work.application_pdfs.save_pdf(replace(PDF, content=b"other"))
    with transactions() as work:
        assert not work.application_pdfs.request_pdf("A-0638", "107864325")
        assert work.application_pdfs.find_pdf("A-0638") == RequestedPdf("107864325", PDF)


def test_a_document_without_its_digest_cannot_be_stored(transactions: PostgresTransactions[UnitOfWork]) -> None:
    statement = text(
        "insert into application_pdf (record_number, writing_number, content, texts) values ('A-1', '1', 'x', '{}')"
    )
    with pytest.raises(IntegrityError), transactions() as work:
        work.session.execute(statement)


def test_deliveries_at_the_same_time_leave_one_document_and_one_event(
    transactions: PostgresTransactions[UnitOfWork],
) -> None:
    clock = FixedClock.at("2026-03-12")
    render = RenderApplication(transactions, FakeTypesetter(), clock)
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


OWNER = Caller(CallerKind.PRODUCER, "producer@example.com", (WritingNumber("107864325", "TX", "CRAVEN, FAZILA", ""),))


Add = Callable[..., ProofDocument]


@pytest.fixture
def add(transactions: PostgresTransactions[UnitOfWork]) -> Add:
    clock = FixedClock.at("2026-03-12")
    use = AddProofDocument(transactions, FakeApplicationSummaries(), FakeInspector(), UPLOAD_LIMITS, clock)

    def add_proof(key: str, content: bytes = b"") -> ProofDocument:
        content = content or b"%PDF-made-up-" + key.encode()
        command = Command(OWNER, "add_proof_document", key, content)
        return use(command, Upload("A-0638", "birth_certificate", "application/pdf", content))

    return add_proof


def test_documents_are_stored_encrypted_and_decrypt_only_in_their_own_row(
    transactions: PostgresTransactions[UnitOfWork], add: Add
) -> None:
    first, second = add("key-number-1"), add("key-number-2")
    with transactions() as work:
        work.application_pdfs.request_pdf("A-0638", "107864325")
        work.application_pdfs.save_pdf(PDF)
    with transactions() as work:
        kept = [*work.session.scalars(select(ProofDocumentRow.content))]
        kept += [*work.session.scalars(select(ApplicationPdfRow.content))]
        assert not any(b"PDF" in content for content in kept if content)
        assert work.proofs.get_proof("A-0638", first.document_id).content == b"%PDF-made-up-key-number-1"
    with transactions() as work:
        moved = {"of": first.document_id, "to": second.document_id}
        work.session.execute(
            text(
                "update proof_document set content = (select content from proof_document where document_id = :of) "
                "where document_id = :to"
            ),
            moved,
        )
    with pytest.raises(DocumentDamaged), transactions() as work:
        work.proofs.get_proof("A-0638", second.document_id)


def test_documents_cannot_be_decrypted_with_another_key(
    database: str, transactions: PostgresTransactions[UnitOfWork], add: Add
) -> None:
    document = add("key-number-1")
    db = Database(database)
    other = open_store(db, DocumentContents(DocumentCiphers.with_keys(KeyRing.parse(OTHER_KEY))), event_to_proto)
    with pytest.raises(DocumentDamaged), other() as work:
        work.proofs.get_proof("A-0638", document.document_id)
    db.close()


def test_sixty_uploads_at_once_leave_fifty_documents_and_their_events(
    transactions: PostgresTransactions[UnitOfWork], add: Add
) -> None:
    def send(n: int) -> bool:
        try:
            add(f"key-number-{n}")
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(10) as pool:
        assert sum(pool.map(send, range(60))) == 50
    with transactions() as work:
        assert [one.number for one in work.proofs.list_proofs("A-0638")] == list(range(1, 51))
        assert work.session.scalar(select(func.count()).select_from(INFRASTRUCTURE.outbox)) == 50


def test_twenty_repeats_at_once_add_one_document(transactions: PostgresTransactions[UnitOfWork], add: Add) -> None:
    with ThreadPoolExecutor(10) as pool:
        ids = {one.document_id for one in pool.map(lambda _: add("the-same-key"), range(20))}
    assert len(ids) == 1
    with transactions() as work:
        assert len(work.proofs.list_proofs("A-0638")) == 1
    with pytest.raises(AlreadyExists):
        add("the-same-key", b"another file")


def test_a_render_failure_is_kept_until_the_document_is_there(transactions: PostgresTransactions[UnitOfWork]) -> None:
    with transactions() as work:
        work.application_pdfs.request_pdf("A-0638", "107864325")
        assert work.application_pdfs.note_failure("A-0638", RenderFailure.RETRIED)
        assert work.application_pdfs.find_pdf("A-0638") == RequestedPdf("107864325", None, RenderFailure.RETRIED)
    with transactions() as work:
        assert work.application_pdfs.save_pdf(PDF)
        assert not work.application_pdfs.note_failure("A-0638", RenderFailure.GIVEN_UP)
        assert work.application_pdfs.find_pdf("A-0638") == RequestedPdf("107864325", PDF)
