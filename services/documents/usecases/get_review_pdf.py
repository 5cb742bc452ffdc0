"""Use case: the consent record of a client review as a document of its own."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import Caller, Clock, Transactions
from services.documents.usecases.application_summary import get_visible_summary
from services.documents.usecases.ports import ApplicationSummaries, DocumentsUnitOfWork, Typesetter


@dataclass(frozen=True, slots=True)
class GetReviewPdf:
    """For anyone who may act for the application's writing number, and for other services. Every reading is recorded.

    Made afresh each time, from the record that enrollment keeps. NotFound for somebody else's as for an unknown one,
    NotReady when the client has not signed.
    """

    transactions: Transactions[DocumentsUnitOfWork]
    summaries: ApplicationSummaries
    typesetter: Typesetter
    clock: Clock

    def __call__(self, caller: Caller, record_number: str, review_id: str) -> bytes:
        summary = get_visible_summary(self.summaries, caller, record_number)
        now = self.clock.now()
        content = self.typesetter.review(record_number, review_id, now)
        with self.transactions() as work:
            number = summary.writing_number
            work.record_audit(now, caller.subject, record_number, "review_pdf.made", "", on_behalf_of=number)
        return content
