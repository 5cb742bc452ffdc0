"""The plans of a quote once more, for other people, another place or another date: what stays and what it costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chassis.kernel import DomainError, Money
from services.quote.domain.catalogue import Catalogue
from services.quote.domain.plan import Coverage, Plan
from services.quote.domain.rating_context import PricedPlan, RatingContext


@dataclass(frozen=True, slots=True)
class PlanChange:
    """``new`` is None when the plan cannot be had any more; ``reason`` then says why."""

    plan: Plan
    old: Money
    new: Money | None
    reason: str = ""


def carry_over_plans(
    chosen: Sequence[PricedPlan], context: RatingContext, catalogue: Catalogue
) -> tuple[list[PlanChange], list[PricedPlan]]:
    """What becomes of each plan, and those that can still be had."""
    again = [_again(priced, context, catalogue) for priced in chosen]
    return [change for change, _ in again], [priced for _, priced in again if priced]


def _again(old: PricedPlan, context: RatingContext, catalogue: Catalogue) -> tuple[PlanChange, PricedPlan | None]:
    plan, total = old.plan, old.premium.total
    medical, dental = (plan.plan_id, "") if plan.coverage is Coverage.MEDICAL else ("", plan.plan_id)
    try:
        choice = context.choose(medical, dental, catalogue)
    except DomainError as refusal:
        reason = refusal.problems[0].message if refusal.problems else refusal.message
        return PlanChange(plan, total, None, reason), None
    return PlanChange(plan, total, choice.total), choice.priced[0]
