"""Use case: delete blobs that no document has: of a crash between writing one and its row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from chassis.kernel import Clock, Transactions
from services.documents.usecases.ports import AnotherStore, BlobLocked, Blobs, DocumentsUnitOfWork

# No transaction that is still to write its row began so long ago.
OLD_ENOUGH = timedelta(days=1)
# Names in one query.
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class DeleteOrphanBlobs:
    """Several workers may do it at once. ``moments`` is the real time, by which the store dates what it keeps."""

    transactions: Transactions[DocumentsUnitOfWork]
    blobs: Blobs
    moments: Clock

    def __call__(self) -> int:
        """How many are gone. Raises AnotherStore."""
        orphans, owned = self._find_orphans(self.moments.now() - OLD_ENOUGH)
        if len(orphans) > owned:
            raise AnotherStore
        return sum(self._delete(name) for name in orphans)

    def _find_orphans(self, written_before: datetime) -> tuple[list[str], int]:
        """And how many blobs have a document."""
        orphans: list[str] = []
        owned = 0
        for names in self._batches(written_before):
            with self.transactions() as work:
                known = work.application_pdfs.find_blobs(names) | work.proofs.find_blobs(names)
            orphans += [name for name in names if name not in known]
            owned += len(known)
        return orphans, owned

    def _batches(self, written_before: datetime) -> Iterator[Sequence[str]]:
        names = iter(self.blobs.list_names(written_before))
        while batch := list(islice(names, AT_ONCE)):
            yield batch

    def _delete(self, name: str) -> bool:
        try:
            self.blobs.delete(name)
        except BlobLocked:
            return False  # the next time, or the one after its lock has ended
        return True
