"""Use case: hand out the PDF of an application (R95)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import Caller, Clock, NotFound, NotReady, Transactions
from services.documents.domain.document import ApplicationPdf, RenderFailure
from services.documents.usecases.ports import DocumentsUnitOfWork


@dataclass(frozen=True, slots=True)
class GetApplicationPdf:
    """For anyone who may act for the application's writing number, and for other services. Every reading is recorded.

    NotReady while the document is being made, or when that failed (the code says which). NotFound for somebody else's,
    for an application that was not submitted, and in the moment before this service has received a submission: ask
    again after a second.
    """

    transactions: Transactions[DocumentsUnitOfWork]
    clock: Clock

    def __call__(self, caller: Caller, record_number: str) -> ApplicationPdf:
        with self.transactions() as work:
            requested = work.application_pdfs.find_pdf(record_number)
            if requested is None or not caller.may_see(requested.writing_number):
                raise NotFound(
                    "There is no document for this record number. It is created when the application is submitted."
                )
            if requested.pdf is None:
                raise _late(requested.failure)
            work.record_audit(self.clock.now(), caller.subject, record_number, "application_pdf.read", "")
            return requested.pdf


def _late(failure: RenderFailure | None) -> NotReady:
    if failure is RenderFailure.GIVEN_UP:
        return NotReady(
            "The document could not be created. The application itself was submitted and is complete. Give its record "
            "number to the help desk; the document will be created as soon as the problem is fixed.",
            code="document_not_made",
        )
    if failure is RenderFailure.RETRIED:
        return NotReady(
            "The document could not be created yet. We will keep trying for up to 90 minutes; check back later. "
            "The application itself was submitted.",
            code="document_delayed",
        )
    return NotReady("The document is still being created. Try again in a few seconds.")
