"""Use case: read one quote, or list them (R8, R18)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import Caller, Clock
from services.quote.usecases.ports import Catalogues, Cursor, Transactions
from services.quote.usecases.quote_view import QuoteView, view


@dataclass(frozen=True, slots=True)
class ReadQuote:
    """A person reads the quotes of their own writing numbers, a service any; else NotFound as for an unknown one."""

    catalogues: Catalogues
    transactions: Transactions
    clock: Clock

    def __call__(self, quote_id: str, caller: Caller) -> QuoteView:
        with self.transactions() as work:
            quote = work.quotes.get(quote_id, caller)
        return view(quote, self.catalogues.current(), self.clock.now())


@dataclass(frozen=True, slots=True)
class ListQuotes:
    """The caller's quotes, newest first, and where the next page begins (None: there is none)."""

    catalogues: Catalogues
    transactions: Transactions
    clock: Clock

    def __call__(self, caller: Caller, after: Cursor | None, size: int) -> tuple[list[QuoteView], Cursor | None]:
        with self.transactions() as work:
            quotes = work.quotes.newest(caller, after, size + 1)
        catalogue, now = self.catalogues.current(), self.clock.now()
        page = [view(quote, catalogue, now) for quote in quotes[:size]]
        if len(quotes) <= size:
            return page, None
        last = page[-1].quote
        return page, Cursor(last.created_at, last.quote_id)
