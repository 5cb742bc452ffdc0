"""Use case: keep what a carrier has to be told of a submission, until its next 834."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chassis.kernel import Transactions
from services.documents.domain.edi.submitted_policy import SubmittedPolicy
from services.documents.usecases.carrier_ports import CarrierUnitOfWork


@dataclass(frozen=True, slots=True)
class NoteSubmission:
    """The same policies again change nothing."""

    transactions: Transactions[CarrierUnitOfWork]

    def __call__(self, policies: Sequence[SubmittedPolicy]) -> None:
        with self.transactions() as work:
            work.carrier_files.note_submission(policies)
