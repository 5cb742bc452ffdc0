"""Use case: a quote for another effective date, and what that changes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from chassis.kernel import Clock, Command, Transactions
from services.quote.domain.catalogue import Catalogue
from services.quote.domain.quote import Quote, Selection
from services.quote.domain.quoted_premium import quote_premiums
from services.quote.domain.rating_context import PricedPlan, RatingContext, RatingRequest
from services.quote.usecases.create_quote import add_once, new_quote
from services.quote.usecases.plan_changes import PlanChange, carry_over_plans
from services.quote.usecases.ports import Catalogues, QuoteUnitOfWork
from services.quote.usecases.quote_view import QuoteView, build_quote_view

OPERATION = "Requote"


@dataclass(frozen=True, slots=True)
class RequoteRequest:
    """Which quote, and for which date."""

    command: Command
    quote_id: str
    effective_date: date


@dataclass(frozen=True, slots=True)
class Requote:
    """For the quote's own producer and delegates. The old quote stays as it is. Publishes QuoteCreated."""

    catalogues: Catalogues
    transactions: Transactions[QuoteUnitOfWork]
    clock: Clock

    def __call__(self, asked: RequoteRequest) -> tuple[QuoteView, list[PlanChange]]:
        """Raises InvalidInput at ``effective_date`` outside the plan years, or at a person not yet born then."""
        catalogue, now, caller = self.catalogues.current(), self.clock.now(), asked.command.caller
        with self.transactions() as work:
            original = work.quotes.get(asked.quote_id, caller)
        caller.writing_number(original.producer.writing_number)  # a service may read every quote and make none
        old = build_quote_view(original, catalogue, now)
        context = RatingContext.from_request(_rating_request(original, asked.effective_date), catalogue, now)
        changes, plans = carry_over_plans(old.choice.priced, context, catalogue)
        with self.transactions() as work:
            quote = add_once(
                work,
                asked.command,
                lambda: _requoted(original, context, plans, catalogue, now),
                "quote.requoted",
                "Quoted for another effective date.",
            )
        return build_quote_view(quote, catalogue, now), changes


def _rating_request(quote: Quote, effective_date: date) -> RatingRequest:
    return RatingRequest(quote.state, quote.zip, quote.county_fips, effective_date, quote.household.members)


def _requoted(
    original: Quote, context: RatingContext, plans: list[PricedPlan], catalogue: Catalogue, now: datetime
) -> Quote:
    quote = new_quote(original.producer, context, now)
    selection = Selection.from_plans([one.plan for one in plans]) if plans else None
    quoted_premiums = quote_premiums(plans, catalogue, now)
    return replace(quote, selection=selection, quoted_premiums=quoted_premiums, source_quote_id=original.quote_id)
