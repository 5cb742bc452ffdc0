"""Use case: search among the saved quotes (R8, R18)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from chassis.kernel import Caller, Clock, Transactions
from services.quote.domain.quote_search import QuoteSearch
from services.quote.usecases.ports import Catalogues, QuoteUnitOfWork
from services.quote.usecases.quote_view import QuoteView, build_quote_view


@dataclass(frozen=True, slots=True)
class QuotePage:
    """``last``: the id of the last one when more follow; None: that was all. ``total``: on all pages together."""

    views: Sequence[QuoteView]
    last: str | None
    total: int


@dataclass(frozen=True, slots=True)
class ListQuotes:
    """The caller's quotes, page by page."""

    catalogues: Catalogues
    transactions: Transactions[QuoteUnitOfWork]
    clock: Clock

    def __call__(self, caller: Caller, search: QuoteSearch, after: str | None, size: int) -> QuotePage:
        search.check()
        now = self.clock.now()
        with self.transactions() as work:
            quotes = work.quotes.page(caller, search, after, size + 1, now)
            total = work.quotes.count(caller, search, now)
            duplicates = work.quotes.count_duplicates(quotes[:size])
        catalogue = self.catalogues.current()
        views = [
            replace(build_quote_view(quote, catalogue, now), duplicate_count=duplicates.get(quote.quote_id, 0))
            for quote in quotes[:size]
        ]
        return QuotePage(views, views[-1].quote.quote_id if len(quotes) > size else None, total)
