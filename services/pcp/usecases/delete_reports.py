"""Use case: delete reports of errors in entries, once the carrier was told (the command ``reports``)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from chassis.kernel import Transactions
from services.pcp.usecases.ports import PcpUnitOfWork


@dataclass(frozen=True, slots=True)
class DeleteReports:
    """Those of this day and before; answers how many. Reports name people, so they are kept no longer than needed."""

    transactions: Transactions[PcpUnitOfWork]

    def __call__(self, until: date) -> int:
        with self.transactions() as work:
            return work.reports.delete_reports(until)
