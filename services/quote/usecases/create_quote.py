"""Use case: save a quote (R8-R12)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from chassis.kernel import Clock, Command, InvalidInput, Transactions, new_id, run_once
from services.quote.domain.events import QuoteCreated
from services.quote.domain.quote import Producer, Quote
from services.quote.domain.rating_context import RatingContext, RatingRequest
from services.quote.usecases.ports import Catalogues, QuoteUnitOfWork
from services.quote.usecases.quote_view import QuoteView, build_quote_view

OPERATION = "CreateQuote"


@dataclass(frozen=True, slots=True)
class NewQuote:
    """Which quote is wanted, and for which producer."""

    command: Command
    producer: Producer
    rating_request: RatingRequest


@dataclass(frozen=True, slots=True)
class CreateQuote:
    """The same key with the same content gives the same quote. Publishes QuoteCreated, once."""

    catalogues: Catalogues
    transactions: Transactions[QuoteUnitOfWork]
    clock: Clock

    def __call__(self, new: NewQuote) -> QuoteView:
        if new.producer.state != new.rating_request.state:
            message = "This writing number is not for that state; choose a writing number for the state."
            raise InvalidInput.at("writing_number", message, rule="R26")
        catalogue = self.catalogues.current()
        context = RatingContext.from_request(new.rating_request, catalogue, self.clock.now())
        with self.transactions() as work:
            quote = add_once(work, new.command, lambda: self._quote(new, context), "quote.created", "Quote saved.")
        return build_quote_view(quote, catalogue, self.clock.now())

    def _quote(self, new: NewQuote, context: RatingContext) -> Quote:
        return new_quote(new.producer, context, self.clock.now())


def new_quote(producer: Producer, context: RatingContext, now: datetime) -> Quote:
    return Quote(
        quote_id=new_id(),
        producer=producer,
        state=context.location.county.state,
        zip=context.location.zip,
        county_fips=context.location.county.fips,
        effective_date=context.effective_date,
        household=context.household,
        created_at=now,
        updated_at=now,
    )


def add_once(work: QuoteUnitOfWork, command: Command, make: Callable[[], Quote], action: str, summary: str) -> Quote:
    """The quote that an earlier call with this key made, or a new one, announced and recorded."""
    caller = command.caller

    def add() -> str:
        quote = make()
        number, people = quote.producer.writing_number, len(quote.household.members)
        work.quotes.add(quote)
        work.publish_event(QuoteCreated(quote.quote_id, quote.state, number, quote.effective_date, people))
        work.record_audit(quote.created_at, caller.subject, quote.quote_id, action, summary, on_behalf_of=number)
        return quote.quote_id

    return work.quotes.get(run_once(work, command, add), caller)
