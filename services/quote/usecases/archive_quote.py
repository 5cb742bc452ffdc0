"""Use case: put a quote away."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from chassis.kernel import Caller, Clock, Transactions
from services.quote.domain.quote import Quote
from services.quote.usecases.ports import Catalogues, QuoteUnitOfWork
from services.quote.usecases.quote_view import QuoteView, build_quote_view


@dataclass(frozen=True, slots=True)
class ArchiveQuote:
    """For the quote's own producer and delegates. Nothing is deleted: applications and share links go on."""

    catalogues: Catalogues
    transactions: Transactions[QuoteUnitOfWork]
    clock: Clock

    def __call__(self, quote_id: str, caller: Caller) -> QuoteView:
        now = self.clock.now()
        with self.transactions() as work:
            quote = lock_own_quote(work, quote_id, caller)
            if quote.archived_at is None:
                quote = replace(quote, archived_at=now, version=quote.version + 1)
                save_with_audit(work, quote, caller, "quote.archived", "Quote put away.", now)
        return build_quote_view(quote, self.catalogues.current(), now)


def lock_own_quote(work: QuoteUnitOfWork, quote_id: str, caller: Caller) -> Quote:
    """Refused to a service, which may read every quote and change none."""
    quote = work.quotes.get(quote_id, caller, lock=True)
    caller.writing_number(quote.producer.writing_number)
    return quote


def save_with_audit(
    work: QuoteUnitOfWork, quote: Quote, caller: Caller, action: str, summary: str, now: datetime
) -> None:
    work.quotes.save(quote)
    number = quote.producer.writing_number
    work.record_audit(now, caller.subject, quote.quote_id, action, summary, on_behalf_of=number)
