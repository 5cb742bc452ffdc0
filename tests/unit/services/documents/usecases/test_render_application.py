from dataclasses import dataclass, field, replace

import pytest

from chassis.kernel import FixedClock, Unavailable
from services.documents.domain.document import ApplicationPdfRendered
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
    assert room.work.published == [ApplicationPdfRendered("A-0639", pdf.sha256, len(pdf.content))]
    assert room.work.recorded == [("documents", "application_pdf.rendered")]


def test_however_often_the_event_comes_there_is_one_document() -> None:
    room = Room()
    room.render()
    room.render()
    room.render(replace(SUBMISSION, message_id="m-2"))
    assert room.typesetter.made == 1
    assert len(room.work.published) == 1


def test_while_enrollment_is_away_the_document_is_expected_and_the_message_comes_again() -> None:
    room = Room(applications=FakeApplications(away=True))
    with pytest.raises(Unavailable):
        room.render()
    assert room.work.documents.rows["A-0639"].pdf is None
    assert room.work.accepted == set()
    room.applications.away = False
    room.render()
    assert room.work.documents.rows["A-0639"].pdf is not None
