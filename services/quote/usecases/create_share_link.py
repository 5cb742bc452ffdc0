"""Use case: make a link that shows a quote without a sign-in."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import Clock, Command, Transactions, new_id, run_once
from services.quote.domain.sharing import ShareLink, link_not_found
from services.quote.usecases.ports import QuoteUnitOfWork

OPERATION = "CreateShareLink"


@dataclass(frozen=True, slots=True)
class CreateShareLink:
    """For the quote's own producer and delegates."""

    transactions: Transactions[QuoteUnitOfWork]
    clock: Clock

    def __call__(self, quote_id: str, days: int, command: Command) -> ShareLink:
        """The same key gives the same link. ``days`` 0 is the default."""
        with self.transactions() as work:
            return add_link(work, quote_id, days, command, self.clock)


def add_link(work: QuoteUnitOfWork, quote_id: str, days: int, command: Command, clock: Clock) -> ShareLink:
    """The link that an earlier call with this key made, or a new one."""
    caller = command.caller
    quote = work.quotes.get(quote_id, caller)
    number = caller.writing_number(quote.producer.writing_number).number

    def add() -> str:
        link = ShareLink.new(new_id(), quote_id, days, clock.now())
        work.share_links.add(link)
        work.record_audit(link.created_at, caller.subject, quote_id, "share_link.created", "Share link made.", number)
        return link.link_id

    link = work.share_links.get(run_once(work, command, add))
    if link is None:
        raise link_not_found()
    return link
