"""Use case: how many quotes a producer made, by state and month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from chassis.kernel import Caller, Transactions, report_dates
from services.quote.usecases.ports import QuoteFigures, QuoteReportSearch, QuoteUnitOfWork


@dataclass(frozen=True, slots=True)
class GetQuoteReport:
    transactions: Transactions[QuoteUnitOfWork]

    def __call__(self, caller: Caller, first: date, last: date, state: str, writing_number: str) -> list[QuoteFigures]:
        """``first`` and ``last``: the first days of the first and the last month.

        Raises InvalidInput, and NotFound for a writing number of somebody else.
        """
        first_day, last_day = report_dates(first, last)
        numbers = (caller.writing_number(writing_number).number,) if writing_number else caller.numbers
        with self.transactions() as work:
            return work.quotes.figures(QuoteReportSearch(first_day, last_day, state, numbers))
