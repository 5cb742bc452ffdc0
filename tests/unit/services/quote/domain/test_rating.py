"""The premium of a household; the facts of rules.md section 4 by name."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.kernel import Money
from services.quote.domain.household import Household, Member, Relationship
from services.quote.domain.plan import Rate, RateSource
from services.quote.domain.premium import RateNotFiled, UnchargedReason
from services.quote.domain.rates import RateTable
from tests.unit.services.quote.domain.household_premium import rate_household

EFFECTIVE = date(2026, 6, 1)
SELF, SPOUSE, CHILD, OTHER = Relationship
CHILD_CENTS, ADULT_CENTS, TOBACCO_CENTS = 10_001, 20_003, 25_004

RATES = RateTable.from_bands(
    [
        (0, 20, Rate(CHILD_CENTS, CHILD_CENTS, RateSource.FILED)),
        (21, 65, Rate(ADULT_CENTS, TOBACCO_CENTS, RateSource.FILED)),
    ],
    rating_area=7,
)


def person(relationship: Relationship, age: int, tobacco: bool = False, *, day: int = 1) -> Member:
    return Member(relationship, date(EFFECTIVE.year - age, 1, day), tobacco_use=tobacco)


def amounts(*members: Member, rates: RateTable = RATES, cap: int | None = 3) -> list[int]:
    premium = rate_household(Household(members), EFFECTIVE, rates, cap)
    return [line.amount.cents for line in premium.lines]


def test_the_total_is_the_sum_of_the_rounded_members() -> None:
    premium = rate_household(Household((person(SELF, 40), person(SPOUSE, 39), person(CHILD, 5))), EFFECTIVE, RATES, 3)
    assert premium.total == Money(ADULT_CENTS + ADULT_CENTS + CHILD_CENTS)


def test_a_fourth_child_costs_nothing_and_its_line_says_why() -> None:
    family = (person(SELF, 40), *(person(CHILD, age) for age in (3, 8, 12, 6)))
    premium = rate_household(Household(family), EFFECTIVE, RATES, 3)
    assert [line.amount.cents for line in premium.lines] == [ADULT_CENTS, 0, CHILD_CENTS, CHILD_CENTS, CHILD_CENTS]
    assert premium.lines[1].source is UnchargedReason.NOT_CHARGED
    assert "three oldest" in premium.lines[1].explanation


def test_twins_on_the_edge_are_counted_in_the_order_sent() -> None:
    family = (person(SELF, 40), person(CHILD, 10), person(CHILD, 9), person(CHILD, 2), person(CHILD, 2))
    assert amounts(*family) == [ADULT_CENTS, CHILD_CENTS, CHILD_CENTS, CHILD_CENTS, 0]


def test_a_child_of_21_is_charged_besides_the_three_oldest() -> None:
    family = (person(SELF, 50), person(CHILD, 21), *(person(CHILD, age) for age in (3, 4, 5)))
    assert amounts(*family) == [ADULT_CENTS, ADULT_CENTS, CHILD_CENTS, CHILD_CENTS, CHILD_CENTS]


def test_a_child_who_turns_21_on_the_effective_date_is_an_adult() -> None:
    turning = Member(CHILD, date(2005, 6, 1))
    assert amounts(person(SELF, 50), turning) == [ADULT_CENTS, ADULT_CENTS]
    assert amounts(person(SELF, 50), Member(CHILD, date(2005, 6, 2))) == [ADULT_CENTS, CHILD_CENTS]


def test_a_spouse_under_21_is_no_child() -> None:
    family = (person(SELF, 20), person(SPOUSE, 19), *(person(CHILD, age, day=age) for age in (1, 2, 3)))
    assert amounts(*family) == [CHILD_CENTS] * 5


def test_an_other_dependent_under_21_counts_as_a_child() -> None:
    family = (person(SELF, 40), person(OTHER, 15), *(person(CHILD, age) for age in (3, 8, 12)))
    assert amounts(*family) == [ADULT_CENTS, CHILD_CENTS, 0, CHILD_CENTS, CHILD_CENTS]


def test_mother_of_19_with_three_children_is_charged_for_all_four() -> None:
    family = (person(SELF, 19), *(person(CHILD, age) for age in (3, 2, 1)))
    assert amounts(*family) == [CHILD_CENTS] * 4


def test_mother_of_19_with_four_children_pays_for_herself_and_the_three_oldest() -> None:
    family = (person(SELF, 19), *(person(CHILD, age, day=age + 1) for age in (3, 2, 1, 0)))
    premium = rate_household(Household(family), EFFECTIVE, RATES, 3)
    assert [line.amount.cents for line in premium.lines] == [CHILD_CENTS] * 4 + [0]
    assert "three oldest" in premium.lines[-1].explanation


@pytest.mark.parametrize(("cap", "charged"), [(1, 2), (2, 3), (None, 4)])
def test_mother_under_21_is_charged_besides_a_dental_plans_own_number_of_children(
    cap: int | None, charged: int
) -> None:
    family = (person(SELF, 18), *(person(CHILD, age) for age in (3, 2, 1)))
    assert amounts(*family, cap=cap) == [CHILD_CENTS] * charged + [0] * (4 - charged)


def test_mother_under_21_with_a_brother_on_her_policy_is_charged_besides_the_three_oldest() -> None:
    family = (person(SELF, 19), person(OTHER, 15), *(person(CHILD, age) for age in (3, 2, 1)))
    assert amounts(*family) == [CHILD_CENTS] * 4 + [0]


@pytest.mark.parametrize("relationship", [CHILD, OTHER])
def test_siblings_on_a_child_only_policy_count_with_the_subscriber(relationship: Relationship) -> None:
    family = (person(SELF, 17), *(person(relationship, age) for age in (15, 12, 3)))
    assert amounts(*family) == [CHILD_CENTS] * 3 + [0]


def test_siblings_who_are_much_younger_count_as_siblings_when_sent_as_other_dependents() -> None:
    family = (person(SELF, 19), *(person(OTHER, age) for age in (3, 2, 1)))
    assert amounts(*family) == [CHILD_CENTS] * 3 + [0]


def test_a_subscriber_of_12_at_the_birth_is_a_sibling_and_of_13_a_parent() -> None:
    born = date(2008, 5, 10)
    of_12, of_13 = date(2021, 5, 9), date(2021, 5, 10)
    for birth, charged in ((of_12, 3), (of_13, 4)):
        family = (Member(SELF, born), *[Member(CHILD, birth)] * 3)
        assert len([cents for cents in amounts(*family) if cents]) == charged


def test_on_a_child_only_policy_the_subscriber_is_one_of_the_three() -> None:
    family = (person(SELF, 17), *(person(CHILD, age) for age in (5, 6, 7)))
    assert amounts(*family) == [CHILD_CENTS, 0, CHILD_CENTS, CHILD_CENTS]


@pytest.mark.parametrize(("cap", "charged"), [(1, 1), (2, 2), (3, 3), (5, 4), (None, 4)])
def test_a_plan_charges_as_many_children_as_it_says(cap: int | None, charged: int) -> None:
    family = (person(SELF, 40), *(person(CHILD, age) for age in (6, 5, 4, 3)))
    assert amounts(*family, cap=cap) == [ADULT_CENTS] + [CHILD_CENTS] * charged + [0] * (4 - charged)


@pytest.mark.parametrize(("cap", "words"), [(1, "the oldest covered child under 21 is"), (4, "the 4 oldest covered")])
def test_a_free_child_is_told_how_many_are_charged(cap: int, words: str) -> None:
    family = Household((person(SELF, 40), *(person(CHILD, age) for age in (6, 5, 4, 3, 2))))
    assert words in rate_household(family, EFFECTIVE, RATES, cap).lines[-1].explanation


def test_a_line_names_age_rating_area_and_source() -> None:
    line = rate_household(Household((person(SELF, 40),)), EFFECTIVE, RATES, 3).lines[0]
    assert line.explanation == "Age 40 on the effective date, rating area 7: rate as filed."
    assert line.rating_area == 7


def test_tobacco_is_charged_from_21() -> None:
    assert amounts(person(SELF, 21, True), person(CHILD, 20, True)) == [TOBACCO_CENTS, CHILD_CENTS]


def test_before_2020_tobacco_was_lawful_at_18() -> None:
    rates = RateTable.from_bands([(0, 65, Rate(ADULT_CENTS, TOBACCO_CENTS, RateSource.FILED))], rating_area=7)
    smoker = Member(SELF, date(1996, 1, 1), tobacco_use=True)
    premium = rate_household(Household((smoker,)), date(2014, 6, 1), rates, 3)
    assert premium.lines[0].tobacco_rated


def test_a_plan_that_does_not_rate_tobacco_says_so() -> None:
    rates = RateTable.from_bands([(0, 65, Rate(ADULT_CENTS, ADULT_CENTS, RateSource.FILED))], rating_area=7)
    line = rate_household(Household((person(SELF, 40, True),)), EFFECTIVE, rates, 3).lines[0]
    assert not line.tobacco_rated
    assert "does not change" in line.explanation


def test_a_missing_rate_is_an_error_at_the_member_and_never_zero() -> None:
    rates = RateTable.from_bands([(21, 21, Rate(ADULT_CENTS, None, RateSource.FILED))], rating_area=7)
    with pytest.raises(RateNotFiled) as refusal:
        rate_household(Household((person(SELF, 21), person(SPOUSE, 22))), EFFECTIVE, rates, 3)
    assert refusal.value.problems[0].field == "members[1]"


def test_a_tobacco_rate_that_was_not_filed_is_an_error() -> None:
    rates = RateTable.from_bands([(0, 65, Rate(ADULT_CENTS, None, RateSource.FILED))], rating_area=7)
    with pytest.raises(RateNotFiled):
        rate_household(Household((person(SELF, 40, True),)), EFFECTIVE, rates, 3)


def test_a_free_child_needs_no_rate() -> None:
    rates = RateTable.from_bands([(5, 65, Rate(ADULT_CENTS, ADULT_CENTS, RateSource.FILED))], rating_area=7)
    family = (person(SELF, 40), *(person(CHILD, age) for age in (5, 6, 7, 1)))
    assert amounts(*family, rates=rates)[-1] == 0


def test_64_and_over_is_one_rate() -> None:
    rates = RateTable.from_bands([(64, 65, Rate(60_000, 60_000, RateSource.FILED))], rating_area=7)
    assert amounts(person(SELF, 64), person(SPOUSE, 97), rates=rates) == [60_000, 60_000]


def test_a_derived_rate_tells_its_source() -> None:
    rates = RateTable.from_bands([(34, 34, Rate(ADULT_CENTS, None, RateSource.DERIVED))], rating_area=7)
    line = rate_household(Household((person(SELF, 34),)), EFFECTIVE, rates, 3).lines[0]
    assert line.source is RateSource.DERIVED
    assert "derived" in line.explanation


@given(st.lists(st.integers(min_value=0, max_value=25), max_size=19))
def test_at_most_three_dependents_under_21_are_ever_charged(ages: list[int]) -> None:
    family = (person(SELF, 45), *(person(CHILD, age) for age in ages))
    lines = rate_household(Household(family), EFFECTIVE, RATES, 3).lines
    charged = [line.age for line in lines if line.age < 21 and line.amount.cents]
    assert sorted(charged, reverse=True) == sorted((age for age in ages if age < 21), reverse=True)[:3]
    assert sum(line.amount.dollars for line in lines) == Decimal(sum(line.amount.cents for line in lines)) / 100
