import hashlib

import pytest
from suite.documents.v1 import documents_service_pb2 as pb
from suite.enrollment.v1 import enrollment_events_pb2

from chassis.bus.envelope import Delivery
from chassis.identity import Caller, CallerKind, WritingNumber
from chassis.kernel import Conflict, FixedClock, InvalidInput, NotFound, NotReady
from services.documents.contract.service import DocumentsContract
from services.documents.domain.document import RenderFailure
from services.documents.events.incoming import make_subscriptions
from services.documents.events.outgoing import event_to_proto
from services.documents.typesetting.processes import DocumentNotTypeset
from services.documents.usecases.get_proposal_pdf import GetProposalPdf
from services.documents.usecases.note_render_failure import NoteRenderFailure
from services.documents.usecases.render_application import RenderApplication
from tests.unit.services.documents.fakes import (
    FakeProposals,
    FakeTypesetter,
    FakeWork,
    documents_contract,
    no_carrier,
)

CLOCK = FixedClock.at("2026-03-12")
OWN = WritingNumber("220002580", "IL", "FRITZ, CALVIN C", "")
OWNER = Caller(CallerKind.PRODUCER, "producer@example.com", (OWN,))
STRANGER = Caller(CallerKind.PRODUCER, "other@example.com")
GATEWAY = Caller(CallerKind.SERVICE, "gateway")
REQUEST = pb.GetApplicationPdfRequest(record_number="A-0639")


@pytest.fixture
def work() -> FakeWork:
    return FakeWork()


@pytest.fixture
def contract(work: FakeWork) -> DocumentsContract:
    return documents_contract(work)


def hear(work: FakeWork) -> None:
    render = RenderApplication(work, FakeTypesetter(), CLOCK)
    subscription, *_ = make_subscriptions(render, NoteRenderFailure(work, CLOCK), *[no_carrier] * 4)
    event = enrollment_events_pb2.ApplicationSubmitted(record_number="A-0639", writing_number="220002580")
    subscription.handler(Delivery("m-1", subscription.event_type, "q", 1), event)


@pytest.mark.parametrize("caller", [OWNER, GATEWAY])
def test_the_owner_and_other_services_get_the_document(
    contract: DocumentsContract, work: FakeWork, caller: Caller
) -> None:
    hear(work)
    answer = contract.get_application_pdf(REQUEST, caller)
    assert (answer.file_name, answer.content) == ("A-0639.pdf", b"%PDF A-0639 1")
    assert len(answer.sha256) == 64
    assert answer.rendered_at.ToDatetime() == CLOCK.now().replace(tzinfo=None)
    assert work.audited[-1] == (caller.subject, "application_pdf.read")


def test_a_document_in_spanish_is_made_afresh_and_its_reading_recorded(work: FakeWork) -> None:
    contract = documents_contract(work, typesetter=FakeTypesetter(made=6))
    asked = pb.GetApplicationPdfRequest(record_number="A-0639", language="es")
    with pytest.raises(NotFound):
        contract.get_application_pdf(asked, OWNER)
    hear(work)
    answer = contract.get_application_pdf(asked, OWNER)
    assert (answer.file_name, answer.content) == ("A-0639-es.pdf", b"%PDF A-0639 7 es")
    assert answer.sha256 == hashlib.sha256(answer.content).hexdigest()
    assert contract.get_application_pdf(REQUEST, OWNER).content == b"%PDF A-0639 1", "the one that is kept stays"
    assert work.audited.count((OWNER.subject, "application_pdf.read")) == 2
    with pytest.raises(NotFound):
        contract.get_application_pdf(asked, STRANGER)


def test_a_proposal_in_spanish_has_a_name_of_its_own(contract: DocumentsContract) -> None:
    answer = contract.get_proposal_pdf(pb.GetProposalPdfRequest(quote_id="q-1", language="es"), OWNER)
    assert (answer.file_name, answer.content) == ("proposal-es.pdf", b"%PDF proposal es")


def test_a_document_of_another_producer_is_not_found(contract: DocumentsContract, work: FakeWork) -> None:
    with pytest.raises(NotFound) as unknown:
        contract.get_application_pdf(REQUEST, STRANGER)
    hear(work)
    with pytest.raises(NotFound) as foreign:
        contract.get_application_pdf(REQUEST, STRANGER)
    assert str(unknown.value) == str(foreign.value)


def test_a_document_that_is_being_made_is_not_ready_for_its_owner_only(
    contract: DocumentsContract, work: FakeWork
) -> None:
    work.application_pdfs.request_pdf("A-0639", "220002580")
    with pytest.raises(NotReady):
        contract.get_application_pdf(REQUEST, OWNER)
    with pytest.raises(NotFound):
        contract.get_application_pdf(REQUEST, STRANGER)


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (None, "not_ready"),
        (RenderFailure.RETRIED, "document_delayed"),
        (RenderFailure.GIVEN_UP, "document_not_made"),
    ],
)
def test_document_that_is_not_there_yet_says_why(
    contract: DocumentsContract, work: FakeWork, failure: RenderFailure | None, code: str
) -> None:
    work.application_pdfs.request_pdf("A-0639", "220002580")
    if failure:
        work.application_pdfs.note_failure("A-0639", failure)
    with pytest.raises(NotReady) as refused:
        contract.handle(DocumentsContract.descriptor.methods_by_name["GetApplicationPdf"], REQUEST, OWNER)
    assert refused.value.code == code


def test_a_record_number_has_to_be_given(contract: DocumentsContract) -> None:
    method = DocumentsContract.descriptor.methods_by_name["GetApplicationPdf"]
    with pytest.raises(InvalidInput):
        contract.handle(method, pb.GetApplicationPdfRequest(), OWNER)


def test_the_event_carries_the_digest_and_nothing_personal(work: FakeWork) -> None:
    hear(work)
    outgoing = event_to_proto(work.events[0])
    assert (outgoing.type, outgoing.subject) == ("documents.application_pdf.rendered.v1", "A-0639")
    assert {field.name for field, _ in outgoing.message.ListFields()} == {"record_number", "sha256", "size"}


PROPOSAL = pb.GetProposalPdfRequest(quote_id="q-1")


@pytest.mark.parametrize("caller", [OWNER, GATEWAY])
def test_the_producer_and_other_services_get_a_proposal(
    contract: DocumentsContract, work: FakeWork, caller: Caller
) -> None:
    answer = contract.get_proposal_pdf(PROPOSAL, caller)
    assert (answer.file_name, answer.content) == ("proposal.pdf", b"%PDF proposal")
    assert work.audited == [(caller.subject, "proposal_pdf.made")]


def test_a_quote_of_another_producer_is_not_found(work: FakeWork) -> None:
    messages = set()
    for refusal, caller in ((None, STRANGER), (NotFound("The words of another service."), OWNER)):
        propose = GetProposalPdf(work, FakeProposals(refusal), FakeTypesetter(), CLOCK)
        with pytest.raises(NotFound) as refused:
            propose(caller, "q-1")
        messages.add(refused.value.message)
    assert len(messages) == 1
    assert not work.audited


@pytest.mark.parametrize(
    ("caller", "printed"), [(OWNER, OWNER.subject), (Caller(CallerKind.SERVICE, "quote"), "told@example.com")]
)
def test_a_proposal_has_the_address_of_the_producer_who_asks_or_that_a_service_tells(
    work: FakeWork, caller: Caller, printed: str
) -> None:
    typesetter = FakeTypesetter()
    GetProposalPdf(work, FakeProposals(), typesetter, CLOCK)(caller, "q-1", "told@example.com")
    assert typesetter.proposed and typesetter.proposed.producer.email == printed


def test_without_a_selection_there_is_no_proposal(work: FakeWork) -> None:
    propose = GetProposalPdf(work, FakeProposals(NotReady("Select plans first.")), FakeTypesetter(), CLOCK)
    with pytest.raises(NotReady):
        propose(OWNER, "q-1")


@pytest.mark.parametrize(
    ("proposals", "typesetter", "code"),
    [
        (FakeProposals(NotReady("Select plans.", code="nothing_selected")), FakeTypesetter(), "nothing_selected"),
        (FakeProposals(NotReady("It changed.", code="premium_changed")), FakeTypesetter(), "premium_changed"),
        (FakeProposals(), FakeTypesetter(fault=DocumentNotTypeset("no")), "document_not_made"),
    ],
)
def test_proposal_that_cannot_be_made_says_why(
    work: FakeWork, proposals: FakeProposals, typesetter: FakeTypesetter, code: str
) -> None:
    contract = documents_contract(work, proposals=proposals, typesetter=typesetter)
    with pytest.raises(Conflict) as refused:
        contract.handle(DocumentsContract.descriptor.methods_by_name["GetProposalPdf"], PROPOSAL, OWNER)
    assert refused.value.code == code
    assert not work.audited


def test_the_consent_record_is_for_who_may_act_for_the_application(work: FakeWork) -> None:
    contract = documents_contract(work)
    texan = Caller(CallerKind.PRODUCER, "texas@example.com", (WritingNumber("107864325", "TX", "A", ""),))
    asked = pb.GetReviewPdfRequest(record_number="A-0638", review_id="review-1")
    answer = contract.get_review_pdf(asked, texan)
    assert (answer.file_name, answer.content) == ("A-0638-consent.pdf", b"%PDF A-0638 review-1")
    assert work.audited == [("texas@example.com", "review_pdf.made")]
    for stranger, number in ((STRANGER, "A-0638"), (texan, "A-0639")):
        with pytest.raises(NotFound):
            contract.get_review_pdf(pb.GetReviewPdfRequest(record_number=number, review_id="review-1"), stranger)
