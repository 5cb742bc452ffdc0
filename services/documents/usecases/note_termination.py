"""Use case: keep that coverage ends after it began, until the carrier's next 834."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import Transactions
from services.documents.domain.edi.submitted_policy import CoverageTermination
from services.documents.usecases.carrier_ports import CarrierUnitOfWork


@dataclass(frozen=True, slots=True)
class NoteTermination:
    """The event may come before that of the submission, and may come twice."""

    transactions: Transactions[CarrierUnitOfWork]

    def __call__(self, termination: CoverageTermination) -> None:
        with self.transactions() as work:
            work.carrier_files.note_termination(termination)
