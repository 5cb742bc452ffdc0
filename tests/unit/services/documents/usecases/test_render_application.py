from dataclasses import dataclass, field, replace

import pytest
from suite.enrollment.v1 import enrollment_events_pb2

from chassis.bus.envelope import Delivery
from chassis.bus.topology import RETRY_LADDER
from chassis.kernel import FixedClock, NotReady, Unavailable
from services.documents.domain.document import ApplicationPdfRendered
from services.documents.events import subscriptions
from services.documents.typesetting.processes import Unprintable
from services.documents.usecases.read_application_pdf import ReadApplicationPdf
from services.documents.usecases.render_application import RenderApplication, Submission
from tests.unit.services.documents.fakes import FakeApplications, FakeTypesetter, FakeWork

SUBMISSION = Submission("A-0639", "220002580", "documents.enrollment.application.submitted.v1", "m-1")


@dataclass
class Room:
    work: FakeWork = field(default_factory=FakeWork)
    applications: FakeApplications = field(default_factory=FakeApplications)
    typesetter: FakeTypesetter = field(default_factory=FakeTypesetter)

    def render(self, submission: Submission = SUBMISSION) -> None:
        clock = FixedClock.at("2026-03-12")
        RenderApplication(self.work, self.applications, self.typesetter, clock)(submission)


def test_the_document_is_kept_and_announced() -> None:
    room = Room()
    room.render()
    pdf = room.work.documents.rows["A-0639"].pdf
    assert pdf is not None
    assert pdf.file_name == "A-0639.pdf"
    assert room.work.events == [ApplicationPdfRendered("A-0639", pdf.sha256, len(pdf.content))]
    assert room.work.audited == [("documents", "application_pdf.rendered")]


def test_however_often_the_event_comes_there_is_one_document() -> None:
    room = Room()
    room.render()
    room.render()
    room.render(replace(SUBMISSION, message_id="m-2"))
    assert room.typesetter.made == 1
    assert len(room.work.events) == 1


def test_while_enrollment_is_away_the_document_is_expected_and_the_message_comes_again() -> None:
    room = Room(applications=FakeApplications(away=True))
    with pytest.raises(Unavailable):
        room.render()
    assert room.work.documents.rows["A-0639"].pdf is None
    assert room.work.inbox == set()
    room.applications.away = False
    room.render()
    assert room.work.documents.rows["A-0639"].pdf is not None


class Hearing:
    """The subscription as the worker calls it."""

    def __init__(self, room: Room) -> None:
        self.room = room
        clock = FixedClock.at("2026-03-12")
        render = RenderApplication(room.work, room.applications, room.typesetter, clock)
        [self._subscription] = subscriptions(render)
        self._read = ReadApplicationPdf(room.work, clock)

    def hear(self, attempt: int) -> None:
        delivery = Delivery("m-1", self._subscription.event_type, SUBMISSION.queue, attempt)
        event = enrollment_events_pb2.ApplicationSubmitted(record_number="A-0639", writing_number="220002580")
        self._subscription.handler(delivery, event)

    def refusal(self) -> NotReady:
        with pytest.raises(NotReady) as refused:
            self._read("A-0639", "somebody", lambda _number: True)
        return refused.value


def test_a_document_that_fails_is_said_to_be_tried_again_and_after_the_last_try_to_be_given_up() -> None:
    room = Room(typesetter=FakeTypesetter(fault=Unavailable("stalled")))
    hearing = Hearing(room)
    for attempt in range(1, len(RETRY_LADDER) + 1):
        with pytest.raises(Unavailable):
            hearing.hear(attempt)
        assert hearing.refusal().code == "document_delayed"
    with pytest.raises(Unavailable):
        hearing.hear(len(RETRY_LADDER) + 1)
    assert hearing.refusal().code == "document_not_made"
    assert "help desk" in hearing.refusal().message
    assert ("documents", "application_pdf.given_up") in room.work.audited


def test_a_hopeless_document_is_given_up_at_once() -> None:
    room = Room(typesetter=FakeTypesetter(fault=Unprintable("no")))
    hearing = Hearing(room)
    with pytest.raises(Unprintable):
        hearing.hear(1)
    assert hearing.refusal().code == "document_not_made"


def test_a_document_that_was_given_up_is_there_after_a_replay() -> None:
    room = Room(typesetter=FakeTypesetter(fault=Unprintable("no")))
    hearing = Hearing(room)
    with pytest.raises(Unprintable):
        hearing.hear(1)
    room.typesetter.fault = None
    hearing.hear(1)
    assert ReadApplicationPdf(room.work, FixedClock.at("2026-03-12"))("A-0639", "somebody", lambda _: True).content
