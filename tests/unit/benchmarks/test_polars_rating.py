"""What the census is measured beside has the same rules: equal to the cent, or the ratio says nothing."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import islice
from random import Random

import pytest

from benchmarks.polars_rating import PolarsRates, member_frame, rate_census
from benchmarks.reference_rating import ReferenceRates, premiums
from benchmarks.sample_catalogues import family_table, make_households, make_plan, rate_table
from services.quote.domain.household import Household, Member, Relationship
from services.quote.domain.plan import Plan
from services.quote.domain.rates import RateTable

# Three caps on children, every fourth plan with family rates, and some rates that were not filed.
PLANS = [replace(make_plan(number), charged_children_cap=(3, 1, None)[number % 3]) for number in range(12)]
DAYS = (date(2019, 3, 1), date(2024, 2, 29), date(2026, 6, 1))


@pytest.fixture(scope="module")
def tables() -> dict[str, RateTable]:
    random = Random(21)
    return {
        plan.component_id: (rate_table if number % 4 else family_table)(random, gaps=True)
        for number, plan in enumerate(PLANS)
    }


def by_polars(
    households: Sequence[Household], day: date, plans: Sequence[Plan], tables: dict[str, RateTable]
) -> list[list[int | None]]:
    frame = rate_census(member_frame(households), day, PolarsRates.of(plans, tables))
    rows = frame.select([plan.plan_id for plan in plans]).rows()
    return [[cents if cents >= 0 else None for cents in row] for row in rows]


def by_hand(
    households: Sequence[Household], day: date, plans: Sequence[Plan], tables: dict[str, RateTable]
) -> list[list[int | None]]:
    rates = [ReferenceRates.of(tables[plan.component_id], plan.charged_children_cap) for plan in plans]
    return [
        [None if premium is None else int(premium * 100) for premium in premiums(household, day, rates)]
        for household in households
    ]


@pytest.mark.parametrize("day", DAYS)
def test_polars_gives_each_household_of_a_crowd_its_premium_to_the_cent(
    day: date, tables: dict[str, RateTable]
) -> None:
    crowd = list(islice(make_households(Random(day.year), day), 400))
    found = by_polars(crowd, day, PLANS, tables)
    assert found == by_hand(crowd, day, PLANS, tables)
    assert any(None in row for row in found)  # else nothing was asked about rates that were not filed


def test_polars_tells_young_parents_from_siblings(tables: dict[str, RateTable]) -> None:
    """Four children beside somebody of 20: their parent is charged, their eldest sibling is one of three."""
    day = date(2026, 6, 1)
    subscriber = Member(Relationship.SELF, date(2006, 1, 1))
    households = [
        Household((subscriber, *(Member(Relationship.CHILD, date(year, 1, 1 + n)) for n in range(4))))
        for year in (2020, 2008)
    ]
    found = by_polars(households, day, PLANS, tables)
    assert found == by_hand(households, day, PLANS, tables)


def test_without_the_cap_on_children_polars_differs(tables: dict[str, RateTable]) -> None:
    """The control: the crowd has families in whom a cap counts."""
    day = DAYS[-1]
    crowd = list(islice(make_households(Random(1), day), 100))
    uncapped = [replace(plan, charged_children_cap=None) for plan in PLANS]
    assert by_polars(crowd, day, uncapped, tables) != by_hand(crowd, day, PLANS, tables)
