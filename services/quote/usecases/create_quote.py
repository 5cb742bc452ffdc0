"""Use case: save a quote (R8-R12)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from chassis.kernel import Caller, Clock, InvalidInput, Transactions, new_id
from services.quote.domain.events import QuoteCreated
from services.quote.domain.quote import Producer, Quote
from services.quote.domain.situation import Inquiry, Situation
from services.quote.usecases.ports import Catalogues, Command, QuoteUnitOfWork
from services.quote.usecases.quote_view import QuoteView, view

OPERATION = "CreateQuote"


@dataclass(frozen=True, slots=True)
class NewQuote:
    """``content``: the request as it was sent, to tell a repeated call from another one with the same key."""

    caller: Caller
    producer: Producer
    inquiry: Inquiry
    idempotency_key: str
    content: bytes


@dataclass(frozen=True, slots=True)
class CreateQuote:
    """The same key with the same content gives the same quote. Publishes QuoteCreated, once."""

    catalogues: Catalogues
    transactions: Transactions[QuoteUnitOfWork]
    clock: Clock

    def __call__(self, new: NewQuote) -> QuoteView:
        if new.producer.state != new.inquiry.state:
            message = "This writing number is not good in that state; choose one of the state's."
            raise InvalidInput.at("writing_number", message, rule="R26")
        catalogue = self.catalogues.current()
        situation = Situation.of(new.inquiry, catalogue, self.clock.now())
        command = Command(new.caller, OPERATION, new.idempotency_key, new.content)
        with self.transactions() as work:
            quote = add_once(work, command, lambda: self._quote(new, situation), "quote.created", "Quote saved.")
        return view(quote, catalogue, self.clock.now())

    def _quote(self, new: NewQuote, situation: Situation) -> Quote:
        return new_quote(new.producer, situation, self.clock.now())


def new_quote(producer: Producer, situation: Situation, now: datetime) -> Quote:
    return Quote(
        quote_id=new_id(),
        producer=producer,
        state=situation.place.county.state,
        zip=situation.place.zip,
        county_fips=situation.place.county.fips,
        effective_date=situation.effective_date,
        household=situation.household,
        created_at=now,
        updated_at=now,
    )


def add_once(work: QuoteUnitOfWork, command: Command, make: Callable[[], Quote], action: str, summary: str) -> Quote:
    """The quote that an earlier call with this key made, or a new one, announced and recorded."""
    caller = command.caller
    earlier = work.find_response(caller.subject, command.operation, command.key, command.content)
    if earlier is not None:
        return work.quotes.get(earlier, caller)
    quote = make()
    number = quote.producer.writing_number
    work.quotes.add(quote)
    work.save_response(caller.subject, command.operation, command.key, quote.quote_id)
    people = len(quote.household.members)
    work.publish_event(QuoteCreated(quote.quote_id, quote.state, number, quote.effective_date, people))
    work.record_audit(quote.created_at, caller.subject, quote.quote_id, action, summary, on_behalf_of=number)
    return quote
