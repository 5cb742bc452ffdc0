"""Use case: up to four plans of one kind side by side, priced for a household."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from chassis.kernel import Clock, InvalidInput, Problem
from services.quote.domain.benefits import ComparedBenefit, compare_benefits
from services.quote.domain.catalogue import Catalogue
from services.quote.domain.geography import RatingLocation
from services.quote.domain.plan import Plan
from services.quote.domain.premium import RateNotFiled
from services.quote.domain.rating_context import PricedPlan, RatingContext, RatingRequest, UnpricedPlan
from services.quote.usecases.ports import Catalogues


@dataclass(frozen=True, slots=True)
class Comparison:
    """Columns in the order that was asked; a plan without a filed rate has none and says so."""

    location: RatingLocation
    plans: Sequence[PricedPlan | UnpricedPlan]
    benefits: Sequence[ComparedBenefit]


@dataclass(frozen=True, slots=True)
class ComparePlans:
    """Anybody who is signed in may ask. Nothing is kept."""

    catalogues: Catalogues
    clock: Clock

    def __call__(self, rating_request: RatingRequest, plan_ids: Sequence[str]) -> Comparison:
        """InvalidInput at each plan that is unknown, not sold there, closed to these people or of another kind."""
        if len(set(plan_ids)) < len(plan_ids):
            raise InvalidInput.at("plan_ids", "A plan is listed twice. Compare different plans.", rule="R9")
        catalogue = self.catalogues.current()
        context = RatingContext.from_request(rating_request, catalogue, self.clock.now())
        plans = _sold(plan_ids, context, catalogue)
        return Comparison(
            context.location,
            [_priced(plan, context, catalogue) for plan in plans],
            compare_benefits([plan.detail for plan in plans]),
        )


def _sold(plan_ids: Sequence[str], context: RatingContext, catalogue: Catalogue) -> list[Plan]:
    plans: list[Plan] = []
    problems: list[Problem] = []
    for index, plan_id in enumerate(plan_ids):
        try:
            plans.append(context.available(plan_id, f"plan_ids[{index}]", catalogue))
        except InvalidInput as refusal:
            problems += refusal.problems
    problems += () if problems else _of_another_kind(plans)
    if problems:
        raise InvalidInput("Some of these plans cannot be compared.", problems=tuple(problems))
    return plans


def _of_another_kind(plans: Sequence[Plan]) -> Iterator[Problem]:
    for index, plan in enumerate(plans):
        if plan.coverage is not plans[0].coverage:
            message = f"Compare {plans[0].coverage} plans with each other; leave this one out."
            yield Problem(f"plan_ids[{index}]", message, "R9")


def _priced(plan: Plan, context: RatingContext, catalogue: Catalogue) -> PricedPlan | UnpricedPlan:
    try:
        return context.price(plan, catalogue)
    except RateNotFiled as missing:
        return UnpricedPlan(plan, missing.message)
