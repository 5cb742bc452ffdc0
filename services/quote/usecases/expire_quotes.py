"""Use case: mark the quotes whose time is over; run by a timer, by several workers at once if need be."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import Clock, Transactions
from services.quote.domain.events import QuoteExpired
from services.quote.usecases.ports import QuoteUnitOfWork

# Rows of one run: a backlog of a new year is worked off within minutes, and no transaction grows long.
BATCH = 500


@dataclass(frozen=True, slots=True)
class ExpireQuotes:
    """Publishes QuoteExpired once for each quote, however often it runs. Gives how many there were."""

    transactions: Transactions[QuoteUnitOfWork]
    clock: Clock

    def __call__(self) -> int:
        now = self.clock.now()
        with self.transactions() as work:
            expired = work.quotes.expire(now, BATCH)
            for quote in expired:
                number = quote.producer.writing_number
                work.publish_event(QuoteExpired(quote.quote_id, quote.state, number))
                work.record_audit(now, "quote", quote.quote_id, "quote.expired", "Its plan year is over.", number)
        return len(expired)
