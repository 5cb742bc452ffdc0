"""Use case: hand out the PDF of an application (R95)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from chassis.kernel import Caller, Clock, NotFound, NotReady, Transactions
from services.documents.domain.document import ApplicationPdf, RenderFailure
from services.documents.domain.legal_text import ENGLISH
from services.documents.usecases.ports import DocumentsUnitOfWork, Typesetter


@dataclass(frozen=True, slots=True)
class GetApplicationPdf:
    """For anyone who may act for the application's writing number, and for other services. Every reading is recorded.

    The document that is kept is in English; one in another language is made afresh, with the payment status of now.
    NotReady while the document is being made, or when that failed (the code says which). NotFound for somebody else's,
    for an application that was not submitted, and in the moment before this service has received a submission: ask
    again after a second.
    """

    transactions: Transactions[DocumentsUnitOfWork]
    typesetter: Typesetter
    clock: Clock

    def __call__(self, caller: Caller, record_number: str, language: str = ENGLISH) -> ApplicationPdf:
        kept = self._get_kept(caller, record_number)
        now = self.clock.now()
        if language != ENGLISH:
            made = self.typesetter.application(record_number, now, language)
            kept = replace(kept, content=made.content, rendered_at=now, texts=made.texts)
        with self.transactions() as work:
            details = "" if language == ENGLISH else language
            work.record_audit(now, caller.subject, record_number, "application_pdf.read", details)
        return kept

    def _get_kept(self, caller: Caller, record_number: str) -> ApplicationPdf:
        with self.transactions() as work:
            number = work.application_pdfs.find_writing_number(record_number)
            # somebody else's is not even read: it would take longer than one that is not there
            requested = work.application_pdfs.find_pdf(record_number) if number and caller.may_see(number) else None
            if requested is None:
                raise NotFound(
                    "There is no document for this record number. It is created when the application is submitted."
                )
            if requested.pdf is None:
                raise _late(requested.failure)
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
