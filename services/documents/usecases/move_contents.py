"""Use case: move the contents that lie in the database into the blob store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from chassis.kernel import Transactions
from services.documents.domain.retention import DocumentKind
from services.documents.usecases.ports import DocumentsUnitOfWork, MovedDocument


@dataclass(frozen=True, slots=True)
class MovedContents:
    """``damaged``: documents that are not what was saved; they stay where they are."""

    moved: int
    damaged: int


@dataclass(frozen=True, slots=True)
class MoveContents:
    """Of a time before there was a blob store. Safe to repeat, at any time, and in several processes at once.

    Each document moves in a transaction of its own: a crash leaves it in the database, and perhaps a blob that no
    document has, which the worker deletes after a day.
    """

    transactions: Transactions[DocumentsUnitOfWork]

    def __call__(self, watch: Callable[[int], None] = lambda _: None) -> MovedContents:
        """``watch`` is told of each document how many moved so far. Raises Unavailable when the store does not answer;
        what moved until then stays moved."""
        moved = damaged = 0
        for kind in DocumentKind:
            after = ""
            while one := self._move_next(kind, after):
                after = one.document_id
                damaged += one.is_damaged
                moved += not one.is_damaged
                watch(moved)
        return MovedContents(moved, damaged)

    def _move_next(self, kind: DocumentKind, after: str) -> MovedDocument | None:
        with self.transactions() as work:
            documents = work.application_pdfs if kind is DocumentKind.APPLICATION_PDF else work.proofs
            return documents.move_next(after)
