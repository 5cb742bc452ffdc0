"""Use case: list the proof of an application, and hand one document out. Every reading is recorded."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import Caller, Clock, NotFound, Transactions
from services.documents.domain.proof import ProofDocument
from services.documents.usecases.ports import DocumentsUnitOfWork, KeptProof


@dataclass(frozen=True, slots=True)
class ReadProofs:
    """For whoever may act for the application's writing number, and for other services."""

    transactions: Transactions[DocumentsUnitOfWork]
    clock: Clock

    def of(self, caller: Caller, record_number: str) -> list[ProofDocument]:
        """Oldest first; none for an application that is not there and for somebody else's."""
        with self.transactions() as work:
            return [one for one in work.proofs.of(record_number) if caller.may_see(one.writing_number)]

    def one(self, caller: Caller, record_number: str, document_id: str) -> KeptProof:
        """Raises NotFound, for somebody else's as for one that is not there."""
        with self.transactions() as work:
            kept = work.proofs.get(record_number, document_id)
            if not caller.may_see(kept.document.writing_number):
                raise unknown_document()
            number = kept.document.writing_number
            work.record_audit(self.clock.now(), caller.subject, record_number, "proof.read", kept.document.kind, number)
            return kept


def unknown_document() -> NotFound:
    return NotFound("There is no such document among those of your applications.")
