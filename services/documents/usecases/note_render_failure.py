"""Use case: note that a document could not be made, so that the answer is more than "still being created"."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import Clock, Transactions
from services.documents.domain.document import RenderFailure
from services.documents.usecases.ports import DocumentsUnitOfWork


@dataclass(frozen=True, slots=True)
class NoteRenderFailure:
    """``given_up``: it is not tried again. Nothing is noted when the document is there after all."""

    transactions: Transactions[DocumentsUnitOfWork]
    clock: Clock

    def __call__(self, record_number: str, *, given_up: bool) -> None:
        failure = RenderFailure.GIVEN_UP if given_up else RenderFailure.RETRIED
        with self.transactions() as work:
            if work.application_pdfs.note_failure(record_number, failure) and given_up:
                work.record_audit(self.clock.now(), "documents", record_number, "application_pdf.given_up", "")
