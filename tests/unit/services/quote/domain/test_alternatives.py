"""Which plans stand beside the chosen one in a proposal."""

from __future__ import annotations

from dataclasses import replace

from chassis.kernel import Money
from services.quote.domain.alternatives import choose_alternatives
from services.quote.domain.premium import Premium
from services.quote.domain.rating_context import PricedPlan
from tests.unit.services.quote.samples import HMO


def priced(name: str, metal: str, cents: int, issuer: str = HMO.issuer_id) -> PricedPlan:
    plan = replace(HMO, plan_id=name, name=name, metal_level=metal, issuer_id=issuer)
    return PricedPlan(plan, Premium(Money(cents), lambda: ()))


CHOSEN = priced("chosen", "Silver", 500_00)


def names(*others: PricedPlan) -> list[str]:
    return [one.plan.name for one in choose_alternatives(CHOSEN, others)]


def test_other_metal_levels_go_before_nearer_plans_of_the_same_level() -> None:
    others = [
        priced("bronze", "Bronze", 300_00),
        priced("gold", "Gold", 800_00),
        priced("silver near", "Silver", 501_00),
        priced("silver far", "Silver", 560_00),
    ]
    assert names(*others) == ["bronze", "silver near", "gold"]


def test_the_alternative_of_a_metal_level_is_its_plan_nearest_in_price() -> None:
    far, near = priced("far", "Gold", 900_00), priced("near", "Gold", 600_00)
    platinum, bronze = priced("platinum", "Platinum", 950_00), priced("bronze", "Bronze", 100_00)
    assert names(far, near, platinum, bronze) == ["bronze", "near", "platinum"]


def test_alternatives_leave_out_the_chosen_plan_and_other_carriers() -> None:
    assert names(CHOSEN, priced("foreign", "Gold", 510_00, "99999")) == []
