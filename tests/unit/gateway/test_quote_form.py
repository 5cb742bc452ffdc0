"""Whom the New Quote form asks about tobacco: by the age on the effective date (R46, R58)."""

import pytest

from gateway.pages.quotes.household_form import HouseholdForm, MemberFields


@pytest.mark.parametrize(
    ("relationship", "born", "start", "asked"),
    [
        ("child", "2005-12-15", "2027-01-01", True),
        ("child", "2006-01-01", "2027-01-01", True),
        ("child", "2006-01-02", "2027-01-01", False),
        ("self", "2006-01-02", "2027-01-01", False),
        ("spouse", "2006-01-02", "2027-01-01", False),
        ("other_dependent", "1950-01-02", "2027-01-01", True),
        ("child", "1996-01-01", "2014-06-01", True),  # lawful at 18 then
        ("child", "2004-02-29", "2025-02-28", False),
        ("child", "2004-02-29", "2025-03-01", True),
    ],
)
def test_a_person_of_lawful_age_on_the_effective_date_is_asked(
    relationship: str, born: str, start: str, asked: bool
) -> None:
    member = MemberFields(relationship, date_of_birth=born, sex="female")
    form = HouseholdForm(effective_date=start, members=[member])
    assert form.asks_tobacco(member) is asked
    assert [problem.field for problem in form.unanswered()] == ["members[0].tobacco_use"] * asked


@pytest.mark.parametrize(("born", "start"), [("", "2027-01-01"), ("1990-01-01", ""), ("2027-02-30", "2027-01-01")])
def test_tobacco_is_asked_of_likely_adults_while_a_date_is_missing(born: str, start: str) -> None:
    kinds = ("self", "spouse", "other_dependent", "child")
    form = HouseholdForm(
        "key", effective_date=start, members=[MemberFields(kind, date_of_birth=born) for kind in kinds]
    )
    assert [form.asks_tobacco(member) for member in form.members] == [True, True, True, False]


def test_a_choice_that_the_page_does_not_offer_is_no_answer() -> None:
    member = MemberFields("self", date_of_birth="1990-01-01", sex="made up", tobacco_use="made up")
    form = HouseholdForm(effective_date="2027-01-01", members=[member])
    assert [problem.field for problem in form.unanswered()] == ["members[0].sex", "members[0].tobacco_use"]
