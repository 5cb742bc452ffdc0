"""Use case: list the proof documents of an application."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import Caller, Transactions
from services.documents.domain.proof import ProofDocument
from services.documents.usecases.application_summary import get_visible_summary
from services.documents.usecases.ports import ApplicationSummaries, DocumentsUnitOfWork


@dataclass(frozen=True, slots=True)
class ListProofDocuments:
    """Oldest first. NotFound for somebody else's application as for one that is not there."""

    transactions: Transactions[DocumentsUnitOfWork]
    summaries: ApplicationSummaries

    def __call__(self, caller: Caller, record_number: str) -> list[ProofDocument]:
        with self.transactions() as work:
            found = [one for one in work.proofs.list_proofs(record_number) if caller.may_see(one.writing_number)]
            # a submitted application is known here by its PDF, which costs no call of enrollment
            writing_number = None if found else work.application_pdfs.find_writing_number(record_number)
        if not found and not (writing_number and caller.may_see(writing_number)):
            get_visible_summary(self.summaries, caller, record_number)
        return found
