"""Use case: search among the saved quotes (R8, R18)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import Caller, Clock, Transactions
from services.quote.domain.quote_search import QuoteSearch
from services.quote.usecases.ports import Catalogues, QuoteUnitOfWork
from services.quote.usecases.quote_view import QuoteView, build_quote_view


@dataclass(frozen=True, slots=True)
class ListQuotes:
    """The caller's quotes, and the id of the last one when more follow (None: that was all)."""

    catalogues: Catalogues
    transactions: Transactions[QuoteUnitOfWork]
    clock: Clock

    def __call__(
        self, caller: Caller, search: QuoteSearch, after: str | None, size: int
    ) -> tuple[list[QuoteView], str | None]:
        search.check()
        now = self.clock.now()
        with self.transactions() as work:
            quotes = work.quotes.page(caller, search, after, size + 1, now)
        catalogue = self.catalogues.current()
        page = [build_quote_view(quote, catalogue, now) for quote in quotes[:size]]
        return page, page[-1].quote.quote_id if len(quotes) > size else None
