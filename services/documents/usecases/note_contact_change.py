"""Use case: keep that an applicant is reached otherwise, until the carriers' next 834."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import Transactions
from services.documents.domain.edi.submitted_policy import ContactChange
from services.documents.usecases.carrier_ports import CarrierUnitOfWork


@dataclass(frozen=True, slots=True)
class NoteContactChange:
    """The event may come before that of the submission, after a later change, and twice."""

    transactions: Transactions[CarrierUnitOfWork]

    def __call__(self, change: ContactChange) -> None:
        with self.transactions() as work:
            work.carrier_files.note_contact_change(change)
