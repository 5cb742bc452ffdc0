"""Proof documents at the contract: who may, when, how many, and what others hear of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from google.protobuf import json_format
from suite.documents.v1 import proof_documents_pb2 as pb

from chassis.contract_options import media_types
from chassis.identity import Caller, CallerKind, WritingNumber
from chassis.kernel import Conflict, FixedClock, InvalidInput, NotFound
from services.documents.contract.upload_limits import UPLOAD_LIMITS
from services.documents.domain.proof import EXTENSIONS, MOST_DOCUMENTS
from services.documents.events.outgoing import event_to_proto
from tests.unit.services.documents.fakes import (
    SUMMARY,
    FakeApplicationSummaries,
    FakeInspector,
    FakeWork,
    documents_contract,
)

CLOCK = FixedClock.at("2026-03-12")
OWNER = Caller(CallerKind.PRODUCER, "producer@example.com", (WritingNumber("107864325", "TX", "CRAVEN, FAZILA", ""),))
STRANGER = Caller(CallerKind.PRODUCER, "other@example.com")
GATEWAY = Caller(CallerKind.SERVICE, "gateway")


class ProofFixture:
    def __init__(self) -> None:
        self.work, self.summaries, self.inspector = FakeWork(), FakeApplicationSummaries(), FakeInspector()
        self.contract = documents_contract(self.work, self.summaries, self.inspector)
        self.keys = 0

    def add(self, caller: Caller = OWNER, **changes: Any) -> pb.ProofDocument:
        self.keys += 1
        values = {
            "idempotency_key": f"key-{self.keys:08d}",
            "record_number": "A-0638",
            "kind": "birth_certificate",
            "media_type": "application/pdf",
            "content": b"%PDF-made-up",
        }
        request = pb.AddProofDocumentRequest(**(values | changes))
        answer = self.contract.handle(self.contract.descriptor.methods_by_name["AddProofDocument"], request, caller)
        assert isinstance(answer, pb.AddProofDocumentResponse)
        return answer.document

    def listed(self, caller: Caller = OWNER, record_number: str = "A-0638") -> list[str]:
        request = pb.ListProofDocumentsRequest(record_number=record_number)
        return [one.document_id for one in self.contract.list_proof_documents(request, caller).documents]

    def get(self, document_id: str, caller: Caller = OWNER, record_number: str = "A-0638") -> Any:
        request = pb.GetProofDocumentRequest(record_number=record_number, document_id=document_id)
        return self.contract.get_proof_document(request, caller)


@pytest.fixture
def fixture() -> ProofFixture:
    return ProofFixture()


def test_proof_is_stored_listed_and_returned_under_our_file_name(fixture: ProofFixture) -> None:
    first, second = fixture.add(), fixture.add(kind="other", media_type="image/png")
    assert (first.kind, first.added_by, first.size, first.pages) == ("birth_certificate", OWNER.subject, 12, 1)
    assert fixture.listed() == fixture.listed(GATEWAY) == [first.document_id, second.document_id]
    assert fixture.get(first.document_id).content == b"%PDF-made-up"
    names = [fixture.get(one.document_id).file_name for one in (first, second)]
    assert names == ["A-0638-proof-1.pdf", "A-0638-proof-2.png"]
    assert [action for _, action in fixture.work.audited] == ["proof.added", "proof.added", *["proof.read"] * 3]


def test_enrollment_is_not_asked_for_an_application_whose_document_was_requested(fixture: ProofFixture) -> None:
    """A page shows the list, and a call of another service would cost more than the list itself."""
    assert fixture.listed() == []
    assert fixture.summaries.asked == 1  # nothing tells the application from one that is not there
    fixture.work.application_pdfs.request_pdf("A-0638", "107864325")
    assert fixture.listed() == []
    assert fixture.summaries.asked == 1
    with pytest.raises(NotFound):
        fixture.listed(STRANGER)


def test_the_event_describes_the_document_and_names_nobody(fixture: ProofFixture) -> None:
    document = fixture.add()
    [event] = fixture.work.events
    outgoing = event_to_proto(event)
    assert outgoing.type == "documents.sep_proof.added.v1"
    assert outgoing.subject == "A-0638"
    assert json_format.MessageToDict(outgoing.message, preserving_proto_field_name=True) == {
        "record_number": "A-0638",
        "writing_number": "107864325",
        "document_id": document.document_id,
        "kind": "birth_certificate",
        "media_type": "application/pdf",
        "size": "12",
        "sha256": document.sha256,
    }


def test_an_application_without_proof_has_an_empty_list(fixture: ProofFixture) -> None:
    assert fixture.listed() == []


def test_the_same_key_adds_one_document(fixture: ProofFixture) -> None:
    first, again = fixture.add(idempotency_key="the-same-key"), fixture.add(idempotency_key="the-same-key")
    assert first == again
    assert len(fixture.work.events) == 1


def test_another_producer_neither_sees_nor_adds_proof(fixture: ProofFixture) -> None:
    document = fixture.add()
    with pytest.raises(NotFound) as foreign:
        fixture.add(STRANGER)
    with pytest.raises(NotFound) as unknown:
        fixture.add(record_number="A-9999")
    assert str(foreign.value) == str(unknown.value)
    for caller, record_number in ((STRANGER, "A-0638"), (OWNER, "A-9999")):
        with pytest.raises(NotFound) as unlisted:
            fixture.listed(caller, record_number)
        assert str(unlisted.value) == str(unknown.value)
    for caller, record_number in ((STRANGER, "A-0638"), (OWNER, "A-0001")):
        with pytest.raises(NotFound):
            fixture.get(document.document_id, caller, record_number)
    assert fixture.inspector.looked == 1


@pytest.mark.parametrize(
    ("summary", "code"),
    [
        (replace(SUMMARY, submitted=False), "not_submitted"),
        (replace(SUMMARY, special_enrollment=False), "no_proof_asked"),
    ],
)
def test_proof_is_refused_before_submission_and_in_open_enrollment(
    fixture: ProofFixture, summary: Any, code: str
) -> None:
    fixture.summaries.summary = summary
    with pytest.raises(Conflict) as refused:
        fixture.add()
    assert refused.value.code == code
    assert (fixture.inspector.looked, fixture.work.events) == (0, [])


def test_a_document_type_that_was_not_asked_for_is_refused(fixture: ProofFixture) -> None:
    with pytest.raises(InvalidInput) as refused:
        fixture.add(kind="passport")
    assert [problem.field for problem in refused.value.problems] == ["kind"]
    assert "birth_certificate, other" in refused.value.message


@pytest.mark.parametrize("media_type", ["image/gif", "text/html", "application/pdf; x=1"])
def test_other_types_are_refused_unread(fixture: ProofFixture, media_type: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        fixture.add(media_type=media_type)
    assert [problem.field for problem in refused.value.problems] == ["media_type"]
    assert fixture.inspector.looked == 0


def test_a_file_of_1_byte_to_10_megabytes_is_taken(fixture: ProofFixture) -> None:
    assert fixture.add(content=bytes(UPLOAD_LIMITS.max_bytes)).size == UPLOAD_LIMITS.max_bytes
    for content in (bytes(UPLOAD_LIMITS.max_bytes + 1), b""):
        with pytest.raises(InvalidInput) as refused:
            fixture.add(content=content)
        assert [problem.field for problem in refused.value.problems] == ["content"]
    assert fixture.inspector.looked == 1


def test_every_type_that_the_contract_takes_has_a_file_name_and_is_given_back(fixture: ProofFixture) -> None:
    given = pb.GetProofDocumentResponse.DESCRIPTOR.fields_by_name["content"]
    assert UPLOAD_LIMITS.media_types == media_types(given) == tuple(EXTENSIONS)
    assert UPLOAD_LIMITS.max_bytes == 10 * 1024 * 1024  # rules.md 1


def test_the_fifty_first_document_is_refused(fixture: ProofFixture) -> None:
    for _ in range(MOST_DOCUMENTS):
        fixture.add()
    with pytest.raises(Conflict) as refused:
        fixture.add()
    assert refused.value.code == "too_many_documents"
    assert len(fixture.listed()) == MOST_DOCUMENTS
