"""Use case: list the proof documents of an application."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import Caller, Transactions
from services.documents.domain.proof import ProofDocument
from services.documents.usecases.ports import DocumentsUnitOfWork


@dataclass(frozen=True, slots=True)
class ListProofDocuments:
    """Oldest first; none for an application that is not there and for somebody else's."""

    transactions: Transactions[DocumentsUnitOfWork]

    def __call__(self, caller: Caller, record_number: str) -> list[ProofDocument]:
        with self.transactions() as work:
            return [one for one in work.proofs.list_proofs(record_number) if caller.may_see(one.writing_number)]
