"""Use case: delete documents that need not be kept any more (domain.retention)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import Clock, Transactions
from services.documents.domain.retention import DocumentKind, made_before
from services.documents.usecases.ports import DocumentsUnitOfWork

# As many as one transaction holds locked while their contents are deleted, one call each.
AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class DeleteExpiredDocuments:
    """Each deletion is recorded. Several workers may do it at once; Unavailable stops it until the next time."""

    transactions: Transactions[DocumentsUnitOfWork]
    clock: Clock

    def __call__(self) -> int:
        """How many are gone."""
        gone = 0
        for kind in DocumentKind:
            while deleted := self._delete_some(kind):
                gone += deleted
        return gone

    def _delete_some(self, kind: DocumentKind) -> int:
        now = self.clock.now()
        before = made_before(kind, now.date())
        with self.transactions() as work:
            documents = work.application_pdfs if kind is DocumentKind.APPLICATION_PDF else work.proofs
            deleted = documents.delete_made_before(before, AT_ONCE)
            for one in deleted:
                work.record_audit(now, "documents", one.record_number, f"{kind}.deleted", "", one.writing_number)
        return len(deleted)
