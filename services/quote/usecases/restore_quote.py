"""Use case: bring a quote back that was put away."""

from __future__ import annotations

from dataclasses import dataclass, replace

from chassis.kernel import Caller, Clock, Transactions
from services.quote.usecases.archive_quote import lock_own_quote, save_with_audit
from services.quote.usecases.ports import Catalogues, QuoteUnitOfWork
from services.quote.usecases.quote_view import QuoteView, build_quote_view


@dataclass(frozen=True, slots=True)
class RestoreQuote:
    """For the quote's own producer and delegates."""

    catalogues: Catalogues
    transactions: Transactions[QuoteUnitOfWork]
    clock: Clock

    def __call__(self, quote_id: str, caller: Caller) -> QuoteView:
        now = self.clock.now()
        with self.transactions() as work:
            quote = lock_own_quote(work, quote_id, caller)
            if quote.archived_at is not None:
                quote = replace(quote, archived_at=None, version=quote.version + 1)
                save_with_audit(work, quote, caller, "quote.restored", "Quote brought back.", now)
        return build_quote_view(quote, self.catalogues.current(), now)
