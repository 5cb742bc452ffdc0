"""Use case: close a share link before its time."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import Caller, Clock, Transactions
from services.quote.domain.sharing import link_not_found
from services.quote.usecases.ports import QuoteUnitOfWork


@dataclass(frozen=True, slots=True)
class RevokeShareLink:
    """For the quote's own producer and delegates."""

    transactions: Transactions[QuoteUnitOfWork]
    clock: Clock

    def __call__(self, quote_id: str, link_id: str, caller: Caller) -> None:
        """Again and again without harm; NotFound for a link of another quote."""
        now = self.clock.now()
        with self.transactions() as work:
            quote = work.quotes.get(quote_id, caller)
            number = caller.writing_number(quote.producer.writing_number).number
            link = work.share_links.get(link_id, lock=True)
            if link is None or link.quote_id != quote_id:
                raise link_not_found()
            if link.revoked_at is None:
                work.share_links.save(link.revoke(now))
                work.record_audit(now, caller.subject, quote_id, "share_link.revoked", "Share link revoked.", number)
