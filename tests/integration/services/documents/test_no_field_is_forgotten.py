"""Every field of what documents stores comes back from PostgreSQL as it was written, files unsealed."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

import services.documents.__main__ as documents
from chassis.crypto import KeyRing
from chassis.db import Database, PostgresTransactions
from chassis.db.migrate import upgrade_schema
from services.documents.domain.document import ApplicationPdf, RenderFailure
from services.documents.domain.proof import ProofDocument
from services.documents.events.outgoing import event_to_proto
from services.documents.store import proofs as rows
from services.documents.store.contents import DocumentContents
from services.documents.store.document_ciphers import DocumentCiphers
from services.documents.store.work import UnitOfWork, make_transactions
from tests.stored_values import RoundTrip, lost_fields, with_new_field

Store = PostgresTransactions[UnitOfWork]
KEY = base64.b64encode(bytes(32)).decode()


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    db = Database(database)
    upgrade_schema(db.engine, documents.SERVICE.migrations)
    yield make_transactions(db, DocumentContents(DocumentCiphers.with_keys(KeyRing.parse(KEY))), event_to_proto)
    db.close()


def round_trips(store: Store) -> dict[Any, RoundTrip]:
    def application_pdf(sent: ApplicationPdf) -> ApplicationPdf | None:
        with store() as work:
            assert work.application_pdfs.request_pdf(sent.record_number, sent.writing_number)
            assert work.application_pdfs.save_pdf(sent)
        with store() as work:
            found = work.application_pdfs.find_pdf(sent.record_number)
        assert found and found.writing_number == sent.writing_number
        return found.pdf

    def proof(sent: ProofDocument) -> ProofDocument:
        content = f"the file of {sent.document_id}".encode()
        with store() as work:
            work.proofs.add_proof(sent, content)
        with store() as work:
            (found,) = work.proofs.list_proofs(sent.record_number)
        return found

    return {ApplicationPdf: application_pdf, ProofDocument: proof}


def test_every_field_comes_back(store: Store) -> None:
    for kind, round_trip in round_trips(store).items():
        assert lost_fields(kind, round_trip) == set()


@pytest.mark.parametrize("failure", RenderFailure)
def test_why_a_document_is_late_comes_back(store: Store, failure: RenderFailure) -> None:
    with store() as work:
        assert work.application_pdfs.request_pdf("A-0001", "107864325")
        assert work.application_pdfs.note_failure("A-0001", failure)
    with store() as work:
        found = work.application_pdfs.find_pdf("A-0001")
    assert found and (found.writing_number, found.pdf, found.failure) == ("107864325", None, failure)


def test_a_new_field_that_the_store_does_not_know_is_noticed(store: Store) -> None:
    for kind, round_trip in round_trips(store).items():
        assert lost_fields(with_new_field(kind), round_trip) == {f"{kind.__name__}.of_tomorrow"}


def test_a_converter_without_one_field_is_noticed(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its columns may not be null, and the domain has no default: forgetting one is an error of its own."""
    monkeypatch.setattr(rows, "_FIELDS", tuple(name for name in rows._FIELDS if name != "media_type"))
    with pytest.raises(IntegrityError, match="media_type"):
        lost_fields(ProofDocument, round_trips(store)[ProofDocument])
