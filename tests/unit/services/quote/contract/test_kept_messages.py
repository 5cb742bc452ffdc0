"""Messages of plans and premium lines are kept between searches: each has what its own plan and household say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from chassis.kernel import Money
from services.quote.contract.to_proto import priced_plan
from services.quote.domain.household import Household, Member, Relationship
from services.quote.domain.plan import Plan, Rate, RateSource
from services.quote.domain.premium import Premium
from services.quote.domain.rates import RateTable
from services.quote.domain.rating import compute_premium_lines
from services.quote.domain.rating_context import PricedPlan
from tests.unit.services.quote.samples import HMO

DAY = date(2026, 6, 1)


def premium(*members: Member, cents: int = 300_00, area: int = 1) -> Premium:
    rate = Rate(cents, cents + 1_00, RateSource.FILED)
    table = RateTable.from_bands([(0, 65, rate)], rating_area=area)
    return Premium.from_lines(compute_premium_lines(Household(members), DAY, table, 3))


def person(relationship: Relationship = Relationship.SELF, *, tobacco: bool = False) -> Member:
    return Member(relationship, date(1990, 1, 1), tobacco_use=tobacco)


def test_a_plan_that_was_imported_again_is_told_as_it_is_now() -> None:
    """The id is the same, and so is the place in a cache."""
    for plan in (HMO, replace(HMO, name="As filed in June"), HMO):
        assert priced_plan(PricedPlan(plan, premium(person()))).plan.name == plan.name


def test_lines_that_differ_in_one_thing_are_told_apart() -> None:
    """All of one plan and one age."""

    def told(plan: Plan, premium: Premium) -> str:
        return str(priced_plan(PricedPlan(plan, premium)).members)

    alike = premium(person())
    others = [
        premium(person(Relationship.OTHER_DEPENDENT)),
        premium(person(tobacco=True)),
        premium(person(), cents=300_01),
        premium(person(), area=2),
        premium(person(), person(Relationship.SPOUSE)),
    ]
    lines = [told(HMO, one) for one in (alike, *others)]
    assert len(set(lines)) == len(lines)
    assert told(HMO, premium(person())) == lines[0]
    assert alike.lines[0].amount == Money(300_00)
