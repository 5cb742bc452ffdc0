import pytest
from suite.documents.v1 import documents_service_pb2 as pb
from suite.enrollment.v1 import enrollment_events_pb2

from chassis.bus.envelope import Delivery
from chassis.identity import Caller, CallerKind, WritingNumber
from chassis.kernel import FixedClock, InvalidInput, NotFound, NotReady
from services.documents.contract.service import DocumentsContract
from services.documents.events.incoming import subscriptions
from services.documents.events.outgoing import translate
from services.documents.usecases.get_proposal_pdf import GetProposalPdf
from services.documents.usecases.note_render_failure import NoteRenderFailure
from services.documents.usecases.render_application import RenderApplication
from tests.unit.services.documents.fakes import (
    FakeProposals,
    FakeTypesetter,
    FakeWork,
    documents_contract,
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
    (subscription,) = subscriptions(render, NoteRenderFailure(work, CLOCK))
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


def test_a_record_number_has_to_be_given(contract: DocumentsContract) -> None:
    method = DocumentsContract.descriptor.methods_by_name["GetApplicationPdf"]
    with pytest.raises(InvalidInput):
        contract.handle(method, pb.GetApplicationPdfRequest(), OWNER)


def test_the_event_carries_the_digest_and_nothing_personal(work: FakeWork) -> None:
    hear(work)
    outgoing = translate(work.events[0])
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


def test_without_a_selection_there_is_no_proposal(work: FakeWork) -> None:
    propose = GetProposalPdf(work, FakeProposals(NotReady("Select plans first.")), FakeTypesetter(), CLOCK)
    with pytest.raises(NotReady):
        propose(OWNER, "q-1")
