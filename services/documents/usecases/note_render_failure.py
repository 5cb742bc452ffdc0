"""Use case: note that a document could not be made, so that the answer is more than "still being created"."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import Clock, Transactions
from services.documents.domain.document import ApplicationPdfFailed, RenderFailure
from services.documents.usecases.ports import DocumentsUnitOfWork


@dataclass(frozen=True, slots=True)
class NoteRenderFailure:
    """``given_up``: it is not tried again, and the producer is told. Nothing is noted when the document is there."""

    transactions: Transactions[DocumentsUnitOfWork]
    clock: Clock

    def __call__(self, record_number: str, writing_number: str, *, given_up: bool) -> None:
        failure = RenderFailure.GIVEN_UP if given_up else RenderFailure.RETRIED
        with self.transactions() as work:
            if work.application_pdfs.note_failure(record_number, failure) and given_up:
                work.publish_event(ApplicationPdfFailed(record_number, writing_number))
                work.record_audit(self.clock.now(), "documents", record_number, "application_pdf.given_up", "")
