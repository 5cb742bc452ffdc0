"""Use case: make the PDF of an application that was just submitted (R95)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import Clock, Transactions
from services.documents.domain.document import ApplicationPdf, ApplicationPdfRendered
from services.documents.usecases.ports import DocumentsUnitOfWork, Typesetter


@dataclass(frozen=True, slots=True)
class Submission:
    """What the event says, and the message that brought it."""

    record_number: str
    writing_number: str
    queue: str
    message_id: str


@dataclass(frozen=True, slots=True)
class RenderApplication:
    """Makes the document once for each record number, however often the event comes; publishes ApplicationPdfRendered.

    The document is announced first, so that a request meanwhile is answered "still being created". Unavailable when
    enrollment cannot be reached: the message comes again.
    """

    transactions: Transactions[DocumentsUnitOfWork]
    typesetter: Typesetter
    clock: Clock

    def __call__(self, submission: Submission) -> None:
        with self.transactions() as work:
            wanted = work.application_pdfs.request_pdf(submission.record_number, submission.writing_number)
        if wanted:
            self._render(submission)

    def _render(self, submission: Submission) -> None:
        now = self.clock.now()
        # outside any transaction: fetching and typesetting take their time
        rendered = self.typesetter.application(submission.record_number, now)
        pdf = ApplicationPdf(submission.record_number, submission.writing_number, rendered.content, now, rendered.texts)
        with self.transactions() as work:
            is_first = work.accept_message(submission.queue, submission.message_id)
            if not is_first or not work.application_pdfs.save_pdf(pdf):
                return
            work.publish_event(ApplicationPdfRendered(pdf.record_number, pdf.sha256, len(pdf.content)))
            work.record_audit(now, "documents", pdf.record_number, "application_pdf.rendered", ", ".join(pdf.texts))
