"""Use case: the files that a carrier was sent, and how their policies stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from chassis.kernel import Transactions
from services.documents.domain.edi.sent_file import SentFile
from services.documents.usecases.carrier_ports import CarrierUnitOfWork


@dataclass(frozen=True, slots=True)
class ListSentFiles:
    """Those of ``since`` and later, and older ones as long as a policy in them waits for the carrier."""

    transactions: Transactions[CarrierUnitOfWork]

    def __call__(self, carrier: str, since: date) -> Sequence[SentFile]:
        with self.transactions() as work:
            return work.carrier_files.list_sent(carrier, since)
