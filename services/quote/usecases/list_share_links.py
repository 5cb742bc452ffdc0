"""Use case: the share links of a quote."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chassis.kernel import Caller, Transactions
from services.quote.domain.sharing import ShareLink
from services.quote.usecases.ports import QuoteUnitOfWork


@dataclass(frozen=True, slots=True)
class ListShareLinks:
    """For the quote's own producer and delegates, and for services; newest first."""

    transactions: Transactions[QuoteUnitOfWork]

    def __call__(self, quote_id: str, caller: Caller) -> Sequence[ShareLink]:
        with self.transactions() as work:
            work.quotes.get(quote_id, caller)
            return work.share_links.of_quote(quote_id)
