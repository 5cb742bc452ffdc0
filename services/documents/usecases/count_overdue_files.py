"""Use case: how many files each carrier should have acknowledged by now; run by the worker's timer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chassis.kernel import Clock, Transactions
from services.documents.domain.edi.sent_file import OverdueFiles
from services.documents.usecases.carrier_ports import CarrierUnitOfWork


@dataclass(frozen=True, slots=True)
class CountOverdueFiles:
    """Of every carrier that was ever sent a file, so that a count falls to zero again."""

    transactions: Transactions[CarrierUnitOfWork]
    clock: Clock

    def __call__(self) -> Sequence[OverdueFiles]:
        with self.transactions() as work:
            return work.carrier_files.count_overdue(self.clock.now())
