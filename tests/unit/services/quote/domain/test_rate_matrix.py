"""Sums of many plans at once: the same cents as the plain Decimal loop, and as the lines that explain a premium."""

from dataclasses import replace
from datetime import date
from functools import partial
from itertools import islice
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from benchmarks.reference_rating import ReferenceRates, premiums
from benchmarks.sample_catalogues import family_of_four, family_table, make_households, make_plan, rate_table
from chassis.kernel import Money
from services.quote.domain.household import Household, Member, Relationship
from services.quote.domain.plan import Rate, RateSource
from services.quote.domain.premium import RateNotFiled
from services.quote.domain.rate_matrix import RatedHousehold, RateMatrix
from services.quote.domain.rate_matrix_cache import RateMatrixCache
from services.quote.domain.rates import RateTable
from tests.unit.services.quote.domain.household_premium import rate_household

DAYS = (date(2014, 5, 31), date(2019, 12, 1), date(2020, 1, 1), date(2024, 2, 29), date(2026, 6, 1), date(2027, 1, 1))
# Plans by age, each with its cap, and two with family rates.
CAPS = (3, 3, None, 1, 2, 3, 3)
TABLES = [
    *(rate_table(Random(seed), gaps=seed > 0) for seed in range(5)),
    *(family_table(Random(seed), gaps=seed > 5) for seed in (5, 6)),
]
PLANS = [replace(make_plan(number), charged_children_cap=cap) for number, cap in enumerate(CAPS)]
MATRIX = RateMatrix.from_plans(PLANS, {one.component_id: table for one, table in zip(PLANS, TABLES, strict=True)})
REFERENCES = [ReferenceRates.of(table, cap) for table, cap in zip(TABLES, CAPS, strict=True)]


def sums(household: Household, day: date, rate_matrix: RateMatrix = MATRIX) -> list[int | None]:
    """In the order of ``PLANS``; a rate matrix puts plans of one cap together."""
    totals = dict(zip(rate_matrix.plan_ids, rate_matrix.totals(household, day).tolist(), strict=True))
    return [cents if (cents := totals[one.plan_id]) >= 0 else None for one in PLANS if one.plan_id in totals]


def reference(household: Household, day: date) -> list[int | None]:
    return [None if dollars is None else int(dollars * 100) for dollars in premiums(household, day, REFERENCES)]


def by_lines(household: Household, day: date) -> list[int | None]:
    found: list[int | None] = []
    for table, cap in zip(TABLES, CAPS, strict=True):
        try:
            found.append(rate_household(household, day, table, cap).total.cents)
        except RateNotFiled:
            found.append(None)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("day", DAYS, ids=str)
def test_100_000_random_households_cost_what_the_plain_loop_says(day: date) -> None:
    many = islice(make_households(Random(f"sweep {day}"), day), 100_000 // len(DAYS) + 1)
    unequal = [household for household in many if sums(household, day) != reference(household, day)]
    assert not unequal, unequal[0]


def test_the_sweep_meets_missing_rates_free_children_and_children_alone() -> None:
    many = list(islice(make_households(Random(7), DAYS[4]), 2_000))
    assert any(None in sums(household, DAYS[4]) for household in many)
    assert any(
        len(RatedHousehold.from_household(household, DAYS[4]).charged(3)) < len(household.members) for household in many
    )
    assert any(all(member.age_on(DAYS[4]) < 21 for member in household) for household in many)


people = st.builds(
    Member,
    st.sampled_from((Relationship.CHILD, Relationship.OTHER_DEPENDENT)),
    st.dates(date(1990, 1, 1), date(2026, 6, 1)),
    tobacco_use=st.booleans(),
)
primaries = st.builds(
    Member, st.just(Relationship.SELF), st.dates(date(1925, 1, 1), date(2026, 6, 1)), tobacco_use=st.booleans()
)
spouses = st.builds(Member, st.just(Relationship.SPOUSE), st.dates(date(1925, 1, 1), date(2010, 1, 1)))
families = st.builds(
    lambda primary, spouse, others: Household((primary, *spouse, *others)),
    primaries,
    st.lists(spouses, max_size=1),
    st.lists(people, max_size=18),
)


@given(families, st.dates(date(2026, 6, 1), date(2028, 12, 31)))
def test_sum_lines_and_plain_loop_agree(household: Household, day: date) -> None:
    assert sums(household, day) == reference(household, day) == by_lines(household, day)


# A subscriber under 21 without a spouse: a parent, one of several siblings, or a bit of both.
young_families = st.builds(
    lambda primary, others: Household((primary, *others)),
    st.builds(Member, st.just(Relationship.SELF), st.dates(date(2005, 6, 2), date(2013, 1, 1))),
    st.lists(
        st.builds(
            Member,
            st.sampled_from((Relationship.CHILD, Relationship.CHILD, Relationship.OTHER_DEPENDENT)),
            st.dates(date(2018, 6, 1), date(2026, 6, 1)) | st.dates(date(2006, 6, 1), date(2026, 6, 1)),
        ),
        min_size=3,
        max_size=6,
    ),
)


@given(young_families, st.sampled_from(DAYS[4:]))
def test_sum_lines_and_plain_loop_agree_on_young_parents_and_siblings(household: Household, day: date) -> None:
    assert sums(household, day) == reference(household, day) == by_lines(household, day)


@given(families)
def test_the_order_of_the_people_changes_no_sum(household: Household) -> None:
    primary, *others = household
    assert sums(household, DAYS[4]) == sums(Household((*reversed(others), primary)), DAYS[4])


@given(families, people)
def test_one_more_person_never_lowers_a_premium(household: Household, another: Member) -> None:
    # somebody of 21 more can make a child-only policy an ordinary one, which charges the subscriber besides; a "child"
    # too old to be the subscriber's shows that all are siblings, and the subscriber one of the three
    primary = household.primary
    assume(another.relationship is not Relationship.CHILD or primary.age_on(another.date_of_birth) >= 13)
    (smaller,), (larger,) = (sums(one, DAYS[4], FULL) for one in (household, Household((*household.members, another))))
    assert smaller is not None and larger is not None and larger >= smaller


FULL = RateMatrix.from_plans(PLANS[:1], {PLANS[0].component_id: TABLES[0]})


def test_a_plan_without_any_rate_is_not_filed_and_never_0() -> None:
    rate_matrix = RateMatrix.from_plans(PLANS, {PLANS[0].component_id: TABLES[0]})
    assert [cents is None for cents in sums(family_of_four(), DAYS[4], rate_matrix)] == [False] + [True] * 6


def test_a_rate_matrix_without_plans_has_no_totals() -> None:
    assert RateMatrix.from_plans([], {}).totals(family_of_four(), DAYS[4]).tolist() == []


def test_twenty_people_at_the_dearest_rate_do_not_hide_one_that_is_missing() -> None:
    table = RateTable.from_bands([(0, 63, Rate(100_000_00, 150_000_00, RateSource.FILED))], rating_area=1)
    households = [Member(Relationship.OTHER_DEPENDENT, date(1980, 1, 1), tobacco_use=True) for _ in range(19)]
    old = Member(Relationship.SELF, date(1950, 1, 1))
    rate_matrix = RateMatrix.from_plans(PLANS[:1], {PLANS[0].component_id: table})
    assert sums(Household((old, *households)), DAYS[4], rate_matrix) == [None]
    assert sums(Household((*households,)), DAYS[4], rate_matrix) == [Money.of("2850000.00").cents]


def test_the_cache_is_bounded_and_drops_what_was_not_used_for_longest() -> None:
    cache = RateMatrixCache(max_columns=2 * len(PLANS))
    made: list[str] = []

    def make(key: str) -> RateMatrix:
        made.append(key)
        return MATRIX

    for key in ("Cook", "Lake", "Cook", "Will", "Cook", "Lake"):
        cache.get(key, partial(make, key))
    assert made == ["Cook", "Lake", "Will", "Lake"]
