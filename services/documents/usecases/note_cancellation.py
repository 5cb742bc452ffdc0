"""Use case: keep that an application was cancelled, until the carrier's next 834."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from chassis.kernel import Transactions
from services.documents.usecases.carrier_ports import CarrierUnitOfWork


@dataclass(frozen=True, slots=True)
class NoteCancellation:
    """The event may come before that of the submission, and may come twice."""

    transactions: Transactions[CarrierUnitOfWork]

    def __call__(self, record_number: str, cancelled_on: date, reason: str) -> None:
        with self.transactions() as work:
            work.carrier_files.note_cancellation(record_number, cancelled_on, reason)
