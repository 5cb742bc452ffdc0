"""Use cases: links that show a quote without a sign-in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chassis.kernel import Caller, Clock, Command, Transactions, new_id, once
from services.quote.domain.sharing import LinkSigner, ShareLink, link_not_found
from services.quote.usecases.ports import QuoteUnitOfWork
from services.quote.usecases.proposal import Proposal, ReadProposal

OPERATION = "CreateShareLink"


@dataclass(frozen=True, slots=True)
class ShareLinks:
    """Made, listed and revoked by the quote's own producer and delegates."""

    transactions: Transactions[QuoteUnitOfWork]
    clock: Clock

    def create(self, quote_id: str, days: int, command: Command) -> ShareLink:
        """The same key gives the same link. ``days`` 0 is the default."""
        with self.transactions() as work:
            return add_link(work, quote_id, days, command, self.clock)

    def list(self, quote_id: str, caller: Caller) -> Sequence[ShareLink]:
        with self.transactions() as work:
            work.quotes.get(quote_id, caller)
            return work.share_links.of_quote(quote_id)

    def revoke(self, quote_id: str, link_id: str, caller: Caller) -> None:
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


@dataclass(frozen=True, slots=True)
class OpenSharedQuote:
    """Shows a quote to whoever holds the link; the gateway asks for them. Every opening is recorded."""

    transactions: Transactions[QuoteUnitOfWork]
    signer: LinkSigner
    proposals: ReadProposal
    clock: Clock

    def __call__(self, token: str) -> tuple[Proposal, ShareLink]:
        """NotFound, always the same, for a link that expired, was revoked or never was."""
        now = self.clock.now()
        link_id = self.signer.read_link_id(token, now)
        with self.transactions() as work:
            link = work.share_links.get(link_id)
            if link is None or not link.is_open(now):
                raise link_not_found()
            quote = work.quotes.find(link.quote_id)
            if quote is None:
                raise link_not_found()
            work.record_audit(now, "share_link", link.quote_id, "quote.opened", "Shared quote opened.")
        return self.proposals.of(quote), link


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

    link = work.share_links.get(once(work, command, add))
    if link is None:
        raise link_not_found()
    return link
