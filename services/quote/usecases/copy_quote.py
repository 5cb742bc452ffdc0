"""Use case: the same quote once more, to go another way from there."""

from __future__ import annotations

from dataclasses import dataclass, replace

from chassis.kernel import Clock, Command, Conflict, DomainError, Transactions, business_date, new_id
from services.quote.domain.catalogue import Catalogue
from services.quote.domain.quote import Quote, QuoteStatus
from services.quote.domain.quoted_premium import quote_premiums
from services.quote.usecases.create_quote import add_once
from services.quote.usecases.ports import Catalogues, QuoteUnitOfWork
from services.quote.usecases.quote_view import QuoteView, build_quote_view, price_at_todays_rates, restore_context

OPERATION = "CopyQuote"


@dataclass(frozen=True, slots=True)
class CopyQuote:
    """For the quote's own producer and delegates. Household, place, date and choice stay, premiums are today's.

    Publishes QuoteCreated.
    """

    catalogues: Catalogues
    transactions: Transactions[QuoteUnitOfWork]
    clock: Clock

    def __call__(self, quote_id: str, command: Command) -> QuoteView:
        """Raises Conflict for an expired quote: its copy would have no plans to choose."""
        catalogue, caller = self.catalogues.current(), command.caller
        with self.transactions() as work:
            original = work.quotes.get(quote_id, caller)
        caller.writing_number(original.producer.writing_number)  # a service may read every quote and make none
        # Outside the transaction, since rates may have to be fetched.
        priced = self._priced(original, catalogue)
        with self.transactions() as work:
            quote = add_once(work, command, lambda: self._copied(priced), "quote.copied", "Quote copied.")
        return build_quote_view(quote, catalogue, self.clock.now())

    def _priced(self, original: Quote, catalogue: Catalogue) -> Quote:
        """With today's premiums; without a choice when its plans cannot be had any more."""
        try:
            choice = price_at_todays_rates(original, restore_context(original, catalogue), catalogue)
        except DomainError:
            return replace(original, selection=None, quoted_premiums=())
        return replace(original, quoted_premiums=quote_premiums(choice.priced, catalogue, self.clock.now()))

    def _copied(self, original: Quote) -> Quote:
        now = self.clock.now()
        if original.status_on(business_date(now, original.state)) is QuoteStatus.EXPIRED:
            message = "This quote has expired; requote it for another effective date."
            raise Conflict(message, code="quote_expired")
        source = original.quote_id
        return replace(original, quote_id=new_id(), created_at=now, updated_at=now, version=1, source_quote_id=source)
