"""Use case: say what is wrong with a provider's entry (R71)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from chassis.kernel import Clock, InvalidInput, Transactions, business_date, get_markets
from services.pcp.domain.entry_report import EntryFault, EntryReport
from services.pcp.domain.provider import Provider
from services.pcp.usecases.get_provider import must_find_provider
from services.pcp.usecases.ports import PcpUnitOfWork


@dataclass(frozen=True, slots=True)
class EntryRemark:
    """What somebody says of an entry."""

    pcp_id: str
    fault: EntryFault
    note: str


@dataclass(frozen=True, slots=True)
class ReportProvider:
    """Kept for the operator; the entry stays as the carrier has it. A person's report of the same fault again takes the
    place of the first. Gives the day in the state of the provider's office. Raises NotFound, and InvalidInput for
    something else that is not said."""

    transactions: Transactions[PcpUnitOfWork]
    clock: Clock

    def __call__(self, remark: EntryRemark, reported_by: str) -> date:
        note = "".join(letter for letter in " ".join(remark.note.split()) if letter.isprintable())
        if remark.fault is EntryFault.OTHER and not note:
            raise InvalidInput.at("note", "Say what is wrong with the entry.", rule="R71")
        now = self.clock.now()
        with self.transactions() as work:
            provider = must_find_provider(work.providers, remark.pcp_id)
            report = EntryReport(remark.pcp_id, remark.fault, note, reported_by, _today(now, provider))
            work.reports.save_report(report)
            work.record_audit(now, reported_by, remark.pcp_id, "pcp.entry_reported", remark.fault)
        return report.reported_on


def _today(now: datetime, provider: Provider) -> date:
    """Where the office is; an office across the border of a served state goes by the home market."""
    state, markets = provider.office.state, get_markets()
    return business_date(now, state if state in markets else markets.home.state)
