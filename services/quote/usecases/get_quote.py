"""Use case: read one quote (R8)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import Caller, Clock, Transactions
from services.quote.usecases.ports import Catalogues, QuoteUnitOfWork
from services.quote.usecases.quote_view import QuoteView, build_quote_view


@dataclass(frozen=True, slots=True)
class GetQuote:
    """A person reads the quotes of their own writing numbers, a service any; else NotFound as for an unknown one."""

    catalogues: Catalogues
    transactions: Transactions[QuoteUnitOfWork]
    clock: Clock

    def __call__(self, quote_id: str, caller: Caller) -> QuoteView:
        with self.transactions() as work:
            quote = work.quotes.get(quote_id, caller)
        return build_quote_view(quote, self.catalogues.current(), self.clock.now())
