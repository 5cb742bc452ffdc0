"""Contents in a blob store: sealed under a random name, checked when they are read, deleted when their time is over."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

import services.documents.__main__ as documents
from chassis import failpoints
from chassis.crypto import KeyRing
from chassis.db import Database, PostgresTransactions
from chassis.db.migrate import upgrade_schema
from chassis.kernel import FixedClock, SystemClock, Unavailable
from services.documents.commands.move_contents import move_contents
from services.documents.domain.document import DocumentDamaged
from services.documents.domain.proof import ProofDocument
from services.documents.domain.retention import DocumentKind, keep_until, made_before
from services.documents.events.outgoing import event_to_proto
from services.documents.store.blobs import FolderBlobs
from services.documents.store.contents import DocumentContents
from services.documents.store.document_ciphers import DocumentCiphers
from services.documents.store.work import UnitOfWork, make_transactions
from services.documents.usecases.delete_expired_documents import DeleteExpiredDocuments
from services.documents.usecases.delete_orphan_blobs import DeleteOrphanBlobs
from services.documents.usecases.move_contents import MoveContents, MovedContents
from tests.integration.services.documents.test_store import KEY, PDF

Open = Callable[[Path | None], PostgresTransactions[UnitOfWork]]
CONTENT = b"a made-up file"


@pytest.fixture
def opened(database: str) -> Iterator[Open]:
    db = Database(database)
    upgrade_schema(db.engine, documents.SERVICE.migrations)

    def open_store(folder: Path | None) -> PostgresTransactions[UnitOfWork]:
        contents = DocumentContents(
            DocumentCiphers.with_keys(KeyRing.parse(KEY)), FolderBlobs(folder) if folder else None
        )
        return make_transactions(db, contents, event_to_proto)

    yield open_store
    db.close()


def proof(number: int = 1, added_at: datetime = datetime(2026, 3, 12, 17, tzinfo=UTC)) -> ProofDocument:

    return ProofDocument(
        document_id=f"d-{number}",
        record_number="A-0638",
        writing_number="107864325",
        number=number,
        kind="birth_certificate",
        media_type="application/pdf",
        size=len(CONTENT),
        sha256=hashlib.sha256(CONTENT).hexdigest(),
        pages=1,
        added_at=added_at,
        added_by="producer@example.com",
    )


def keep_both(store: PostgresTransactions[UnitOfWork]) -> None:
    with store() as work:
        work.application_pdfs.request_pdf(PDF.record_number, PDF.writing_number)
        assert work.application_pdfs.save_pdf(PDF)
        work.proofs.add_proof(proof(), CONTENT)


def read_both(store: PostgresTransactions[UnitOfWork]) -> tuple[bytes, bytes]:
    with store() as work:
        found = work.application_pdfs.find_pdf(PDF.record_number)
        assert found and found.pdf
        return found.pdf.content, work.proofs.get_proof("A-0638", "d-1").content


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_documents_lie_sealed_under_random_names_and_come_back(opened: Open, tmp_path: Path) -> None:
    store = opened(tmp_path)
    keep_both(store)
    assert read_both(store) == (PDF.content, CONTENT)
    kept = files(tmp_path)
    assert len(kept) == 2 and all(re.fullmatch(r"[0-9a-f]{32}", path.name) for path in kept)
    assert not any(PDF.content[:8] in path.read_bytes() or CONTENT in path.read_bytes() for path in kept)
    with store() as work:
        rows = work.session.execute(
            text("select content, blob from application_pdf union all select content, blob from proof_document")
        ).all()
    assert [row.content for row in rows] == [None, None] and {row.blob for row in rows} == {path.name for path in kept}


def test_the_loser_of_two_that_finish_at_once_leaves_no_blob(opened: Open, tmp_path: Path) -> None:
    store = opened(tmp_path)
    keep_both(store)
    with store() as work:
        assert not work.application_pdfs.save_pdf(replace(PDF, content=b"another"))
    assert len(files(tmp_path)) == 2


def test_documents_of_before_stay_readable_in_the_database(opened: Open, tmp_path: Path) -> None:
    keep_both(opened(None))
    store = opened(tmp_path)
    assert read_both(store) == (PDF.content, CONTENT)
    with store() as work:
        work.proofs.add_proof(proof(2), CONTENT)
    assert len(files(tmp_path)) == 1, "the new one lies in the folder"
    with pytest.raises(Unavailable), opened(None)() as work:
        work.proofs.get_proof("A-0638", "d-2")


def in_database(store: PostgresTransactions[UnitOfWork]) -> int:
    with store() as work:
        contents = "select content from application_pdf union all select content from proof_document"
        return work.session.scalar(text(f"select count(content) from ({contents}) as found")) or 0


def test_documents_of_before_move_into_the_store_once_and_come_back(opened: Open, tmp_path: Path) -> None:
    keep_both(opened(None))
    store = opened(tmp_path)
    with store() as work:
        work.application_pdfs.request_pdf("A-0001", "107864325")
    assert MoveContents(store)() == MovedContents(moved=2, damaged=0)
    assert (in_database(store), len(files(tmp_path))) == (0, 2)
    assert read_both(store) == (PDF.content, CONTENT)
    assert MoveContents(store)() == MovedContents(moved=0, damaged=0)
    assert len(files(tmp_path)) == 2
    assert delete_on(store, "2036-03-13") == 2 and files(tmp_path) == []


def test_a_move_that_is_interrupted_loses_nothing_and_goes_on(
    opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The blob is there and its row is not committed: the document is still in the database."""
    keep_both(opened(None))
    store = opened(tmp_path)
    with monkeypatch.context() as crash, pytest.raises(ZeroDivisionError):
        crash.setattr(failpoints, "trigger_failpoint", lambda *_, **__: 1 / 0)
        MoveContents(store)()
    assert (in_database(store), len(files(tmp_path))) == (2, 1)
    assert MoveContents(store)().moved == 2
    assert read_both(store) == (PDF.content, CONTENT)
    tomorrow = FixedClock(SystemClock().now() + timedelta(days=1, minutes=5))
    assert DeleteOrphanBlobs(store, FolderBlobs(tmp_path), tomorrow)() == 1
    assert read_both(store) == (PDF.content, CONTENT)


def test_a_damaged_document_stays_in_the_database_and_the_others_move(opened: Open, tmp_path: Path) -> None:
    keep_both(opened(None))
    store = opened(tmp_path)
    with store() as work:
        work.session.execute(text("update application_pdf set sha256 = repeat('0', 64)"))
    with pytest.raises(SystemExit):
        move_contents(store)
    assert (in_database(store), len(files(tmp_path))) == (1, 1)
    assert MoveContents(store)() == MovedContents(moved=0, damaged=1)


def test_a_store_that_does_not_give_back_what_was_put_takes_nothing_over(
    opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_both(opened(None))
    store = opened(tmp_path)
    monkeypatch.setattr(FolderBlobs, "get", lambda *_: b"another")
    with pytest.raises(Unavailable):
        MoveContents(store)()
    assert in_database(store) == 2


@pytest.mark.parametrize("fault", ["changed", "cut", "gone", "swapped"])
def test_a_document_that_is_not_what_was_saved_is_never_handed_out(opened: Open, tmp_path: Path, fault: str) -> None:
    store = opened(tmp_path)
    keep_both(store)
    first, second = files(tmp_path)
    sealed = first.read_bytes()
    if fault == "changed":
        first.write_bytes(sealed[:-1] + bytes([sealed[-1] ^ 1]))
    if fault == "cut":
        first.write_bytes(sealed[:20])
    if fault == "gone":
        first.unlink()
    if fault == "swapped":
        first.write_bytes(second.read_bytes())
        second.write_bytes(sealed)
    with pytest.raises(DocumentDamaged):
        read_both(store)


def test_what_was_sealed_for_the_same_row_and_has_another_digest_is_damaged(opened: Open, tmp_path: Path) -> None:
    """As when an older content of the row is put back: it opens, and the digest alone tells."""
    store = opened(tmp_path)
    keep_both(store)
    with store() as work:
        work.session.execute(text("update proof_document set sha256 = repeat('0', 64)"))
    with pytest.raises(DocumentDamaged), store() as work:
        work.proofs.get_proof("A-0638", "d-1")


def delete_on(store: PostgresTransactions[UnitOfWork], day: str) -> int:
    return DeleteExpiredDocuments(store, FixedClock.at(day))()


@pytest.mark.parametrize("in_folder", [True, False])
def test_each_kind_goes_when_its_years_are_over_and_not_a_day_before(
    opened: Open, tmp_path: Path, in_folder: bool
) -> None:
    store = opened(tmp_path if in_folder else None)
    keep_both(store)
    assert delete_on(store, "2028-03-12") == 0
    assert delete_on(store, "2028-03-13") == 1
    with store() as work:
        assert work.proofs.list_proofs("A-0638") == []
        assert work.application_pdfs.find_pdf("A-0638") is not None
    assert delete_on(store, "2036-03-12") == 0
    assert delete_on(store, "2036-03-13") == 1
    with store() as work:
        assert work.application_pdfs.find_pdf("A-0638") is None
        audited = work.session.execute(text("select action from audit order by at")).scalars().all()
    assert audited == ["proof_document.deleted", "application_pdf.deleted"]
    assert files(tmp_path) == []


def test_what_is_being_made_is_never_deleted(opened: Open, tmp_path: Path) -> None:
    store = opened(tmp_path)
    with store() as work:
        work.application_pdfs.request_pdf("A-0001", "107864325")
    assert delete_on(store, "2099-01-01") == 0
    with store() as work:
        assert work.application_pdfs.find_pdf("A-0001")


def test_a_store_that_lets_nothing_go_keeps_the_rows_too(opened: Open, tmp_path: Path) -> None:
    store = opened(tmp_path)
    keep_both(store)
    with pytest.raises(Unavailable):
        delete_on(opened(None), "2099-01-01")
    assert read_both(store) == (PDF.content, CONTENT)


def test_more_than_one_batch_goes_and_numbers_are_not_given_twice(
    opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.documents.usecases.delete_expired_documents.AT_ONCE", 2)
    store = opened(tmp_path)
    with store() as work:
        for number in range(1, 6):
            work.proofs.add_proof(proof(number), CONTENT)
        work.proofs.add_proof(proof(6, datetime(2028, 1, 1, tzinfo=UTC)), CONTENT)
    assert delete_on(store, "2028-06-01") == 5
    with store() as work:
        assert work.proofs.next_number("A-0638") == 7


def test_a_document_of_a_leap_day_goes_after_its_last_day() -> None:
    made = datetime(2028, 2, 29, 12, tzinfo=UTC)
    assert keep_until(DocumentKind.PROOF, made) == date(2030, 2, 28)
    assert made_before(DocumentKind.PROOF, date(2030, 2, 28)) <= made.date()
    assert made_before(DocumentKind.PROOF, date(2030, 3, 1)) > made.date()


def test_a_blob_whose_row_was_never_written_is_swept_and_documents_stay(opened: Open, tmp_path: Path) -> None:
    store, blobs = opened(tmp_path), FolderBlobs(tmp_path)
    keep_both(store)
    orphan = "0f8fad5bd9cb469fa165a70867728950"
    blobs.put(orphan, b"of a transaction that failed", date(2036, 1, 1))
    tomorrow = SystemClock().now() + timedelta(days=1, minutes=5)
    assert DeleteOrphanBlobs(store, blobs, SystemClock())() == 0, "it may still get its row today"
    assert DeleteOrphanBlobs(store, blobs, FixedClock(tomorrow))() == 1
    assert orphan not in {path.name for path in files(tmp_path)}
    assert read_both(store) == (PDF.content, CONTENT)
