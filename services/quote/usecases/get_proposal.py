"""Use case: a quote with plans to compare, as proposals and share links show it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from chassis.kernel import Caller, Clock, NotReady, Transactions
from services.quote.domain.alternatives import choose_alternatives
from services.quote.domain.catalogue import Catalogue
from services.quote.domain.premium import RateNotFiled
from services.quote.domain.quote import Quote
from services.quote.domain.rating_context import PricedPlan
from services.quote.usecases.ports import Catalogues, QuoteUnitOfWork
from services.quote.usecases.quote_view import QuoteView, build_quote_view


@dataclass(frozen=True, slots=True)
class ProposalView:
    """``alternatives``: beside the medical plan, or the dental one where no medical plan is chosen.

    ``dental_alternatives``: beside the dental plan where both are chosen.
    """

    view: QuoteView
    alternatives: list[PricedPlan]
    dental_alternatives: list[PricedPlan]


@dataclass(frozen=True, slots=True)
class GetProposal:
    """For the quote's own producer and delegates, and for services."""

    catalogues: Catalogues
    transactions: Transactions[QuoteUnitOfWork]
    clock: Clock

    def __call__(self, quote_id: str, caller: Caller) -> ProposalView:
        """Raises NotReady while no plan is selected, and when the premium changed since."""
        with self.transactions() as work:
            quote = work.quotes.get(quote_id, caller)
        found = build_proposal(quote, self.catalogues.current(), self.clock.now())
        if not found.view.choice.plans:
            raise NotReady("Select plans first, then create the proposal.", code="nothing_selected")
        if found.view.changed:
            message = "The premium changed since the plans were chosen. Choose them again, then create the proposal."
            raise NotReady(message, code="premium_changed")
        return found


def build_proposal(quote: Quote, catalogue: Catalogue, now: datetime) -> ProposalView:
    """The quote as it is now, with the plans that the household can compare its choice with."""
    seen = build_quote_view(quote, catalogue, now)
    beside = [choose_alternatives(one, _comparable_plans(seen, one, catalogue)) for one in seen.choice.priced]
    return ProposalView(seen, beside[0] if beside else [], beside[1] if len(beside) > 1 else [])


def _comparable_plans(seen: QuoteView, chosen: PricedPlan, catalogue: Catalogue) -> Iterator[PricedPlan]:
    """What the household could buy in its place, on the same side of the exchange; plans without a rate left out."""
    context, plan = seen.context, chosen.plan
    for other in catalogue.sold_in(context.location, context.plan_year, plan.coverage, plan.exchange):
        if other.admits(context.household, context.effective_date):
            try:
                yield context.price(other, catalogue)
            except RateNotFiled:
                continue
