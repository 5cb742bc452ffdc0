from dataclasses import dataclass, field, replace

import pytest
from suite.enrollment.v1 import enrollment_events_pb2

from chassis.bus.envelope import Delivery
from chassis.bus.topology import RETRY_LADDER
from chassis.kernel import Caller, CallerKind, FixedClock, NotReady, Unavailable
from services.documents.domain.document import ApplicationPdfFailed, ApplicationPdfRendered
from services.documents.events.incoming import make_subscriptions
from services.documents.typesetting.processes import DocumentNotTypeset
from services.documents.usecases.get_application_pdf import GetApplicationPdf
from services.documents.usecases.note_render_failure import NoteRenderFailure
from services.documents.usecases.render_application import RenderApplication, Submission
from tests.unit.services.documents.fakes import FakeTypesetter, FakeWork, no_carrier

GATEWAY = Caller(CallerKind.SERVICE, "gateway")
SUBMISSION = Submission("A-0639", "220002580", "documents.enrollment.application.submitted.v1", "m-1")


@dataclass
class RenderFixture:
    work: FakeWork = field(default_factory=FakeWork)
    typesetter: FakeTypesetter = field(default_factory=FakeTypesetter)

    def render(self, submission: Submission = SUBMISSION) -> None:
        clock = FixedClock.at("2026-03-12")
        RenderApplication(self.work, self.typesetter, clock)(submission)


def test_the_document_is_kept_and_announced() -> None:
    fixture = RenderFixture()
    fixture.render()
    pdf = fixture.work.application_pdfs.rows["A-0639"].pdf
    assert pdf is not None
    assert pdf.file_name == "A-0639.pdf"
    assert fixture.work.events == [ApplicationPdfRendered("A-0639", pdf.sha256, len(pdf.content))]
    assert fixture.work.audited == [("documents", "application_pdf.rendered")]


def test_a_repeated_event_makes_one_document() -> None:
    fixture = RenderFixture()
    fixture.render()
    fixture.render()
    fixture.render(replace(SUBMISSION, message_id="m-2"))
    assert fixture.typesetter.made == 1
    assert len(fixture.work.events) == 1


def test_the_message_comes_again_while_enrollment_is_unavailable() -> None:
    fixture = RenderFixture(typesetter=FakeTypesetter(fault=Unavailable("away")))
    with pytest.raises(Unavailable):
        fixture.render()
    assert fixture.work.application_pdfs.rows["A-0639"].pdf is None
    assert fixture.work.inbox == set()
    fixture.typesetter.fault = None
    fixture.render()
    assert fixture.work.application_pdfs.rows["A-0639"].pdf is not None


class SubscribedRender:
    """The subscription as the worker calls it."""

    def __init__(self, fixture: RenderFixture) -> None:
        self.fixture = fixture
        clock = FixedClock.at("2026-03-12")
        render = RenderApplication(fixture.work, fixture.typesetter, clock)
        note_failure = NoteRenderFailure(fixture.work, clock)
        self._subscription, *_ = make_subscriptions(render, note_failure, *[no_carrier] * 4)
        self._read = GetApplicationPdf(fixture.work, fixture.typesetter, clock)

    def hear(self, attempt: int) -> None:
        delivery = Delivery("m-1", self._subscription.event_type, SUBMISSION.queue, attempt)
        event = enrollment_events_pb2.ApplicationSubmitted(record_number="A-0639", writing_number="220002580")
        self._subscription.handler(delivery, event)

    def refusal(self) -> NotReady:
        with pytest.raises(NotReady) as refused:
            self._read(GATEWAY, "A-0639")
        return refused.value


def test_a_failing_document_is_delayed_and_given_up_after_the_last_try() -> None:
    fixture = RenderFixture(typesetter=FakeTypesetter(fault=Unavailable("stalled")))
    subscribed = SubscribedRender(fixture)
    for attempt in range(1, len(RETRY_LADDER) + 1):
        with pytest.raises(Unavailable):
            subscribed.hear(attempt)
        assert subscribed.refusal().code == "document_delayed"
    with pytest.raises(Unavailable):
        subscribed.hear(len(RETRY_LADDER) + 1)
    assert subscribed.refusal().code == "document_not_made"
    assert "help desk" in subscribed.refusal().message
    assert ("documents", "application_pdf.given_up") in fixture.work.audited
    assert fixture.work.events == [ApplicationPdfFailed("A-0639", "220002580")], "once, when it is given up"


def test_a_document_that_the_compiler_refuses_is_given_up_at_once() -> None:
    fixture = RenderFixture(typesetter=FakeTypesetter(fault=DocumentNotTypeset("no")))
    subscribed = SubscribedRender(fixture)
    with pytest.raises(DocumentNotTypeset):
        subscribed.hear(1)
    assert subscribed.refusal().code == "document_not_made"


def test_a_replay_makes_a_document_that_was_given_up() -> None:
    fixture = RenderFixture(typesetter=FakeTypesetter(fault=DocumentNotTypeset("no")))
    subscribed = SubscribedRender(fixture)
    with pytest.raises(DocumentNotTypeset):
        subscribed.hear(1)
    fixture.typesetter.fault = None
    subscribed.hear(1)
    assert GetApplicationPdf(fixture.work, fixture.typesetter, FixedClock.at("2026-03-12"))(GATEWAY, "A-0639").content
