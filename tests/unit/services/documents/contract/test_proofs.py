"""Proof documents at the contract: who may, when, how many, and what others hear of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from google.protobuf import json_format
from suite.documents.v1 import proof_documents_pb2 as pb

from chassis.identity import Caller, CallerKind, WritingNumber
from chassis.kernel import Conflict, FixedClock, InvalidInput, NotFound
from services.documents.contract.proofs import ProofMethods
from services.documents.domain.proof import LARGEST_BYTES, MOST_DOCUMENTS
from services.documents.events import translate
from services.documents.usecases.add_proof import AddProof
from services.documents.usecases.read_proofs import ReadProofs
from tests.unit.services.documents.fakes import CASE, FakeCases, FakeInspector, FakeWork

CLOCK = FixedClock.at("2026-03-12")
OWNER = Caller(CallerKind.PRODUCER, "producer@example.com", (WritingNumber("107864325", "TX", "CRAVEN, FAZILA", ""),))
STRANGER = Caller(CallerKind.PRODUCER, "other@example.com")
GATEWAY = Caller(CallerKind.SERVICE, "gateway")


class Desk(ProofMethods):
    def __init__(self) -> None:
        self.work, self.cases, self.inspector = FakeWork(), FakeCases(), FakeInspector()
        self._add_proof = AddProof(self.work, self.cases, self.inspector, CLOCK)
        self._proofs = ReadProofs(self.work, CLOCK)
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
        return self.add_proof_document(pb.AddProofDocumentRequest(**(values | changes)), caller).document

    def listed(self, caller: Caller = OWNER) -> list[str]:
        request = pb.ListProofDocumentsRequest(record_number="A-0638")
        return [one.document_id for one in self.list_proof_documents(request, caller).documents]

    def get(self, document_id: str, caller: Caller = OWNER, record_number: str = "A-0638") -> Any:
        request = pb.GetProofDocumentRequest(record_number=record_number, document_id=document_id)
        return self.get_proof_document(request, caller)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_proof_is_kept_listed_and_given_back_under_a_name_of_ours(desk: Desk) -> None:
    first, second = desk.add(), desk.add(kind="other", media_type="image/png")
    assert (first.kind, first.added_by, first.size, first.pages) == ("birth_certificate", OWNER.subject, 12, 1)
    assert desk.listed() == desk.listed(GATEWAY) == [first.document_id, second.document_id]
    assert desk.get(first.document_id).content == b"%PDF-made-up"
    names = [desk.get(one.document_id).file_name for one in (first, second)]
    assert names == ["A-0638-proof-1.pdf", "A-0638-proof-2.png"]
    assert [action for _, action in desk.work.audited] == ["proof.added", "proof.added", *["proof.read"] * 3]


def test_the_event_says_what_came_and_nothing_of_anybody(desk: Desk) -> None:
    document = desk.add()
    [event] = desk.work.events
    outgoing = translate(event)
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


def test_the_same_key_adds_one_document(desk: Desk) -> None:
    first, again = desk.add(idempotency_key="the-same-key"), desk.add(idempotency_key="the-same-key")
    assert first == again
    assert len(desk.work.events) == 1


def test_a_stranger_finds_nothing_and_cannot_add(desk: Desk) -> None:
    document = desk.add()
    with pytest.raises(NotFound) as foreign:
        desk.add(STRANGER)
    with pytest.raises(NotFound) as unknown:
        desk.add(record_number="A-9999")
    assert str(foreign.value) == str(unknown.value)
    assert desk.listed(STRANGER) == []
    for caller, record_number in ((STRANGER, "A-0638"), (OWNER, "A-0001")):
        with pytest.raises(NotFound):
            desk.get(document.document_id, caller, record_number)
    assert desk.inspector.looked == 1


@pytest.mark.parametrize(
    ("case", "code"),
    [
        (replace(CASE, submitted=False), "not_submitted"),
        (replace(CASE, special_enrollment=False), "no_proof_asked"),
    ],
)
def test_proof_that_nobody_asks_for_is_not_taken(desk: Desk, case: Any, code: str) -> None:
    desk.cases.case = case
    with pytest.raises(Conflict) as refused:
        desk.add()
    assert refused.value.code == code
    assert (desk.inspector.looked, desk.work.events) == (0, [])


def test_what_the_document_is_has_to_be_among_what_is_asked(desk: Desk) -> None:
    with pytest.raises(InvalidInput) as refused:
        desk.add(kind="passport")
    assert [problem.field for problem in refused.value.problems] == ["kind"]
    assert "birth_certificate, other" in refused.value.message


@pytest.mark.parametrize("media_type", ["image/gif", "text/html", "application/pdf; x=1"])
def test_other_types_are_refused_unread(desk: Desk, media_type: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        desk.add(media_type=media_type)
    assert [problem.field for problem in refused.value.problems] == ["media_type"]
    assert desk.inspector.looked == 0


def test_ten_megabytes_are_taken_and_neither_a_byte_more_nor_nothing(desk: Desk) -> None:
    assert desk.add(content=bytes(LARGEST_BYTES)).size == LARGEST_BYTES
    for content in (bytes(LARGEST_BYTES + 1), b""):
        with pytest.raises(InvalidInput) as refused:
            desk.add(content=content)
        assert [problem.field for problem in refused.value.problems] == ["content"]
    assert desk.inspector.looked == 1


def test_fifty_documents_are_enough(desk: Desk) -> None:
    for _ in range(MOST_DOCUMENTS):
        desk.add()
    with pytest.raises(Conflict) as refused:
        desk.add()
    assert refused.value.code == "too_many_documents"
    assert len(desk.listed()) == MOST_DOCUMENTS
