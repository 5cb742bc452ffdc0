"""Use case: what people reported about entries, for the operator who tells the carrier (the command ``reports``)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import Transactions
from services.pcp.domain.entry_report import EntryReport, is_open
from services.pcp.domain.provider import Provider
from services.pcp.usecases.ports import PcpUnitOfWork


@dataclass(frozen=True, slots=True)
class ReportedEntry:
    """``provider``: None when the directory does not list the entry any more."""

    report: EntryReport
    provider: Provider | None

    @property
    def is_open(self) -> bool:
        """Still listed, and not updated by the carrier since."""
        return self.provider is not None and is_open(self.report.reported_on, self.provider.last_updated_on)


@dataclass(frozen=True, slots=True)
class ListReports:
    """In the order of the entries, the newest report of each first."""

    transactions: Transactions[PcpUnitOfWork]

    def __call__(self) -> list[ReportedEntry]:
        with self.transactions() as work:
            return [ReportedEntry(one, work.providers.find_provider(one.pcp_id)) for one in work.reports.list_reports()]
