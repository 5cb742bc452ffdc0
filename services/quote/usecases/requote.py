"""Use case: a quote for another effective date, and what that changes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from chassis.kernel import Clock, Command, DomainError, Money, Transactions
from services.quote.domain.catalogue import Catalogue
from services.quote.domain.plan import Coverage, Plan
from services.quote.domain.quote import Quote, Selection
from services.quote.domain.quoted_premium import quote_premiums
from services.quote.domain.rating_context import PricedPlan, RatingContext, RatingRequest
from services.quote.usecases.create_quote import add_once, new_quote
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
class PlanChange:
    """``new`` is None when the plan cannot be had on the new date; ``reason`` then says why."""

    plan: Plan
    old: Money
    new: Money | None
    reason: str = ""


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
        again = [_again(priced, context, catalogue) for priced in old.choice.priced]
        plans = [priced for _, priced in again if priced]
        with self.transactions() as work:
            quote = add_once(
                work,
                asked.command,
                lambda: _requoted(original, context, plans, catalogue, now),
                "quote.requoted",
                "Quoted for another effective date.",
            )
        return build_quote_view(quote, catalogue, now), [change for change, _ in again]


def _rating_request(quote: Quote, effective_date: date) -> RatingRequest:
    return RatingRequest(quote.state, quote.zip, quote.county_fips, effective_date, quote.household.members)


def _again(old: PricedPlan, context: RatingContext, catalogue: Catalogue) -> tuple[PlanChange, PricedPlan | None]:
    """The change, and the plan at the new date's price unless it cannot be had."""
    plan, total = old.plan, old.premium.total
    medical, dental = (plan.plan_id, "") if plan.coverage is Coverage.MEDICAL else ("", plan.plan_id)
    try:
        choice = context.choose(medical, dental, catalogue)
    except DomainError as refusal:
        reason = refusal.problems[0].message if refusal.problems else refusal.message
        return PlanChange(plan, total, None, reason), None
    return PlanChange(plan, total, choice.total), choice.priced[0]


def _requoted(
    original: Quote, context: RatingContext, plans: list[PricedPlan], catalogue: Catalogue, now: datetime
) -> Quote:
    quote = new_quote(original.producer, context, now)
    selection = Selection.from_plans([one.plan for one in plans]) if plans else None
    quoted_premiums = quote_premiums(plans, catalogue, now)
    return replace(quote, selection=selection, quoted_premiums=quoted_premiums, source_quote_id=original.quote_id)
