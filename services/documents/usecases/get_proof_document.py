"""Use case: hand out one proof document. Every reading is recorded."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import Caller, Clock, Transactions
from services.documents.usecases.not_found import proof_document_not_found
from services.documents.usecases.ports import DocumentsUnitOfWork, StoredProof


@dataclass(frozen=True, slots=True)
class GetProofDocument:
    """For anyone who may act for the application's writing number, and for other services.

    Raises NotFound, for somebody else's as for one that is not there.
    """

    transactions: Transactions[DocumentsUnitOfWork]
    clock: Clock

    def __call__(self, caller: Caller, record_number: str, document_id: str) -> StoredProof:
        with self.transactions() as work:
            # somebody else's is not even opened: it would take longer than one that is not there
            of_application = work.proofs.list_proofs(record_number)
            number = next((one.writing_number for one in of_application if one.document_id == document_id), "")
            if not (number and caller.may_see(number)):
                raise proof_document_not_found()
            stored = work.proofs.get_proof(record_number, document_id)
            work.record_audit(
                self.clock.now(), caller.subject, record_number, "proof.read", stored.document.kind, number
            )
            return stored
