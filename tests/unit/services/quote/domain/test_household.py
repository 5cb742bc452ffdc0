"""Who may be on one policy (R12, R46, R59, R61)."""

from dataclasses import replace
from datetime import date

import pytest

from chassis.kernel import InvalidInput
from services.quote.domain.household import Household, Member, Relationship

TODAY = date(2026, 5, 20)
EFFECTIVE = date(2026, 6, 1)
PRIMARY = Member(Relationship.SELF, date(1980, 1, 1))
SPOUSE = Member(Relationship.SPOUSE, date(1981, 1, 1))
CHILD = Member(Relationship.CHILD, date(2015, 1, 1))


def household(*members: Member) -> Household:
    return Household.from_members(members, effective_date=EFFECTIVE, today=TODAY)


def refused_fields(*members: Member) -> list[str]:
    with pytest.raises(InvalidInput) as refusal:
        household(*members)
    return [problem.field for problem in refusal.value.problems]


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        ("1980-06-01", "2026-06-01", 46),
        ("1980-06-02", "2026-06-01", 45),
        ("2004-02-29", "2025-02-28", 20),
        ("2004-02-29", "2025-03-01", 21),
        ("2026-03-02", "2026-03-02", 0),
    ],
)
def test_age_is_counted_in_completed_years(born: str, day: str, age: int) -> None:
    assert Member(Relationship.SELF, date.fromisoformat(born)).age_on(date.fromisoformat(day)) == age


def test_twenty_people_fit_on_a_policy_and_the_twenty_first_does_not() -> None:
    assert len(household(PRIMARY, SPOUSE, *[CHILD] * 18).members) == 20
    assert refused_fields(PRIMARY, SPOUSE, *[CHILD] * 19) == ["members"]


def test_an_empty_household_is_refused() -> None:
    assert refused_fields() == ["members"]


def test_a_household_needs_a_primary_applicant() -> None:
    assert refused_fields(SPOUSE, CHILD) == ["members"]


def test_a_second_spouse_is_named_by_its_place() -> None:
    assert refused_fields(PRIMARY, SPOUSE, CHILD, SPOUSE) == ["members[3].relationship"]


def test_a_second_primary_applicant_is_named_by_its_place() -> None:
    assert refused_fields(PRIMARY, PRIMARY) == ["members[1].relationship"]


def test_every_bad_birth_date_is_reported_at_once() -> None:
    unborn = Member(Relationship.CHILD, date(2026, 5, 21))
    ancient = Member(Relationship.OTHER_DEPENDENT, date(1890, 1, 1))
    assert refused_fields(PRIMARY, unborn, ancient) == ["members[1].date_of_birth", "members[2].date_of_birth"]


def test_coverage_cannot_begin_before_a_birth() -> None:
    newborn = Member(Relationship.CHILD, date(2026, 3, 2))
    with pytest.raises(InvalidInput) as refusal:
        Household.from_members([PRIMARY, newborn], effective_date=date(2026, 3, 1), today=TODAY)
    assert refusal.value.problems[0].field == "members[1].date_of_birth"


def test_a_newborn_is_covered_from_the_day_of_birth() -> None:
    newborn = Member(Relationship.CHILD, date(2026, 3, 2))
    assert Household.from_members([PRIMARY, newborn], effective_date=date(2026, 3, 2), today=TODAY)


def test_messages_never_repeat_a_birth_date() -> None:
    with pytest.raises(InvalidInput) as refusal:
        household(PRIMARY, Member(Relationship.CHILD, date(2031, 7, 9)))
    assert "2031" not in " ".join(problem.message for problem in refusal.value.problems)


def test_a_dependent_may_be_the_applicants_parent_and_no_older() -> None:
    young = Member(Relationship.SELF, date(1990, 1, 1))
    oldest = Member(Relationship.OTHER_DEPENDENT, date(1910, 1, 1))
    too_old = Member(Relationship.OTHER_DEPENDENT, date(1909, 1, 1))
    assert household(young, oldest)
    assert refused_fields(young, too_old) == ["members[1].date_of_birth"]
    assert household(young, Member(Relationship.SPOUSE, date(1905, 1, 1)))


# 31, 26 and 25 on the effective date.
@pytest.mark.parametrize(
    ("born", "disabled", "allowed"),
    [
        ("1995-01-01", False, False),
        ("2000-06-01", False, False),
        ("2000-06-02", False, True),
        ("1995-01-01", True, True),
    ],
)
def test_a_child_of_26_is_quoted_as_a_disabled_dependent_alone(born: str, disabled: bool, allowed: bool) -> None:
    grown = Member(Relationship.CHILD, date.fromisoformat(born), disabled_dependent=disabled)
    if allowed:
        assert household(PRIMARY, grown)
    else:
        assert refused_fields(PRIMARY, grown) == ["members[1].date_of_birth"]


@pytest.mark.parametrize(("born", "allowed"), [("2010-06-01", True), ("2010-06-02", False), ("2020-01-01", False)])
def test_a_spouse_is_16_or_older(born: str, allowed: bool) -> None:
    spouse = Member(Relationship.SPOUSE, date.fromisoformat(born))
    if allowed:
        assert household(PRIMARY, spouse)
    else:
        assert refused_fields(PRIMARY, spouse) == ["members[1].date_of_birth"]


def test_an_applicant_with_a_spouse_is_16_or_older_too() -> None:
    young = replace(PRIMARY, date_of_birth=date(2010, 6, 2))
    assert refused_fields(young, SPOUSE) == ["members[0].date_of_birth"]
    assert household(young)
    assert household(replace(PRIMARY, date_of_birth=date(2010, 6, 1)), SPOUSE)


def test_only_dependents_are_disabled_dependents() -> None:
    assert refused_fields(replace(PRIMARY, disabled_dependent=True), replace(SPOUSE, disabled_dependent=True)) == [
        "members[0].disabled_dependent",
        "members[1].disabled_dependent",
    ]


def test_the_same_person_twice_is_refused_however_the_name_is_typed() -> None:
    ann = replace(PRIMARY, first_name="Ann", last_name="O'Neil")
    again = Member(Relationship.SPOUSE, PRIMARY.date_of_birth, first_name="ANN", last_name="O\u2019Neil")
    assert refused_fields(ann, again) == ["members[1].first_name"]


def test_twins_namesakes_and_people_without_names_are_other_people() -> None:
    sam = replace(CHILD, first_name="Sam", last_name="Sample")
    assert household(PRIMARY, sam, replace(sam, first_name="Tim"), replace(sam, date_of_birth=date(2017, 1, 1)))
    assert household(PRIMARY, CHILD, CHILD, replace(CHILD, first_name="Sam"), replace(CHILD, first_name="Tim"))


def test_a_census_name_of_60_letters_with_accents_of_their_own_is_taken_and_of_61_refused() -> None:
    decomposed = "e\u0301"
    assert household(replace(PRIMARY, last_name=decomposed * 60))
    assert refused_fields(replace(PRIMARY, last_name=decomposed * 61)) == ["members[0].last_name"]
