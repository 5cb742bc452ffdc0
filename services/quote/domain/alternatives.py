"""Domain: which other plans are beside the chosen one in a proposal."""

from __future__ import annotations

from collections.abc import Iterable

from services.quote.domain.rating_context import PricedPlan

# With the chosen one four columns: what a page holds and people can compare.
MOST = 3


def choose_alternatives(chosen: PricedPlan, others: Iterable[PricedPlan]) -> list[PricedPlan]:
    """Of the same carrier: the nearest in price of each other metal level, then the nearest of all; cheapest first."""
    issuer = chosen.plan.issuer_id
    rest = [one for one in others if one.plan.issuer_id == issuer and one.plan.plan_id != chosen.plan.plan_id]
    rest.sort(key=lambda one: (_distance(one, chosen), one.plan.plan_id))
    levels = {chosen.plan.metal_level}
    first: list[PricedPlan] = []
    for one in rest:
        if one.plan.metal_level not in levels:
            levels.add(one.plan.metal_level)
            first.append(one)
    picked = (first + [one for one in rest if one not in first])[:MOST]
    return sorted(picked, key=lambda one: (one.premium.total, one.plan.name, one.plan.plan_id))


def _distance(one: PricedPlan, chosen: PricedPlan) -> int:
    return abs(one.premium.total.cents - chosen.premium.total.cents)
