"""Use case: show a quote to anyone who holds its link."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import Clock, Transactions
from services.quote.domain.sharing import ShareLink, ShareLinkSigner, link_not_found
from services.quote.usecases.get_proposal import ProposalView, build_proposal
from services.quote.usecases.ports import Catalogues, QuoteUnitOfWork


@dataclass(frozen=True, slots=True)
class OpenSharedQuote:
    """Shows a quote to anyone who holds the link; the gateway asks for them. Every opening is recorded."""

    catalogues: Catalogues
    transactions: Transactions[QuoteUnitOfWork]
    signer: ShareLinkSigner
    clock: Clock

    def __call__(self, token: str) -> tuple[ProposalView, ShareLink]:
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
        return build_proposal(quote, self.catalogues.current(), now), link
