"""Use case: how many quotes a producer made, by state and month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from chassis.kernel import Caller, InvalidInput, Transactions
from services.quote.usecases.ports import QuoteFigures, QuoteReportSearch, QuoteUnitOfWork

# Two plan years side by side; more would read more of the book than a page can show.
MOST_MONTHS = 24


@dataclass(frozen=True, slots=True)
class GetQuoteReport:
    transactions: Transactions[QuoteUnitOfWork]

    def __call__(self, caller: Caller, first: date, last: date, state: str, writing_number: str) -> list[QuoteFigures]:
        """``first`` and ``last``: the first days of the first and the last month.

        Raises InvalidInput, and NotFound for a writing number of somebody else.
        """
        months = (last.year - first.year) * 12 + last.month - first.month + 1
        if months < 1:
            raise InvalidInput.at("last_month", "The last month is before the first month. Choose a later month.")
        if months > MOST_MONTHS:
            raise InvalidInput.at("first_month", f"Choose at most {MOST_MONTHS} months.")
        numbers = (caller.writing_number(writing_number).number,) if writing_number else caller.numbers
        last_day = (last + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        with self.transactions() as work:
            return work.quotes.figures(QuoteReportSearch(first, last_day, state, numbers))
