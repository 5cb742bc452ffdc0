"""Use case: hand out the PDF of an application (R95)."""

from __future__ import annotations

from collections.abc import Callable

from chassis.kernel import Clock, NotFound, NotReady, Transactions
from services.documents.domain.document import ApplicationPdf, Trouble
from services.documents.usecases.ports import DocumentsUnitOfWork


class ReadApplicationPdf:
    """For whoever may act for the application's writing number, and for other services. Every reading is recorded.

    NotReady while the document is being made, or when that failed (the code says which). NotFound for somebody else's,
    for an application that was not submitted, and in the moment before this service has heard of a submission: ask
    again after a second.
    """

    def __init__(self, transactions: Transactions[DocumentsUnitOfWork], clock: Clock) -> None:
        self._transactions = transactions
        self._clock = clock

    def __call__(self, record_number: str, reader: str, may_see: Callable[[str], bool]) -> ApplicationPdf:
        with self._transactions() as work:
            expected = work.documents.get(record_number)
            if expected is None or not may_see(expected.writing_number):
                raise NotFound(
                    "There is no document for this record number. It is made when the application is submitted."
                )
            if expected.pdf is None:
                raise _late(expected.trouble)
            work.record_audit(self._clock.now(), reader, record_number, "application_pdf.read", "")
            return expected.pdf


def _late(trouble: Trouble | None) -> NotReady:
    if trouble is Trouble.GIVEN_UP:
        return NotReady(
            "The document could not be made. The application itself was submitted and is complete. Please give its "
            "record number to the help desk: the document is made as soon as the cause is fixed.",
            code="document_not_made",
        )
    if trouble is Trouble.RETRIED:
        return NotReady(
            "The document could not be made yet and is tried again by itself, for up to 90 minutes. Please come back "
            "later. The application itself was submitted.",
            code="document_delayed",
        )
    return NotReady("The document is still being made. Please try again in a few seconds.")
