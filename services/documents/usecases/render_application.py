"""Use case: make the PDF of an application that was just submitted (R95)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import Clock, Transactions
from services.documents.domain.document import ApplicationPdf, ApplicationPdfRendered, Trouble
from services.documents.usecases.ports import Applications, DocumentsUnitOfWork, Typesetter


@dataclass(frozen=True, slots=True)
class Submission:
    """What the event says, and the message that brought it."""

    record_number: str
    writing_number: str
    queue: str
    message_id: str


class RenderApplication:
    """Makes the document once for each record number, however often the event comes; publishes ApplicationPdfRendered.

    The document is announced first, so that whoever asks meanwhile hears "still being made". Unavailable when
    enrollment cannot be reached: the message comes again.
    """

    def __init__(
        self,
        transactions: Transactions[DocumentsUnitOfWork],
        applications: Applications,
        typesetter: Typesetter,
        clock: Clock,
    ) -> None:
        self._transactions = transactions
        self._applications = applications
        self._typesetter = typesetter
        self._clock = clock

    def __call__(self, submission: Submission) -> None:
        with self._transactions() as work:
            wanted = work.documents.expect(submission.record_number, submission.writing_number)
        if wanted:
            self._make(submission)

    def note_trouble(self, submission: Submission, *, given_up: bool) -> None:
        """After a failure, so that whoever asks hears more than "still being made"."""
        number, trouble = submission.record_number, Trouble.GIVEN_UP if given_up else Trouble.RETRIED
        with self._transactions() as work:
            if work.documents.note_trouble(number, trouble) and given_up:
                work.record_audit(self._clock.now(), "documents", number, "application_pdf.given_up", "")

    def _make(self, submission: Submission) -> None:
        now = self._clock.now()
        # outside any transaction: fetching and typesetting take their time
        done = self._typesetter.application(self._applications.get(submission.record_number), now)
        pdf = ApplicationPdf(submission.record_number, submission.writing_number, done.content, now, done.texts)
        with self._transactions() as work:
            if not work.accept_message(submission.queue, submission.message_id) or not work.documents.put(pdf):
                return
            work.publish_event(ApplicationPdfRendered(pdf.record_number, pdf.sha256, len(pdf.content)))
            work.record_audit(now, "documents", pdf.record_number, "application_pdf.rendered", ", ".join(pdf.texts))
