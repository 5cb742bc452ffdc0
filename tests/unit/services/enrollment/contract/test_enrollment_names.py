"""Suffixes, and people of one name (R46)."""

from datetime import date
from typing import Any

import pytest
from suite.common.v1 import common_pb2 as common
from suite.enrollment.v1 import application_pb2
from suite.enrollment.v1 import steps_pb2 as pb

from chassis.kernel import DomainError, InvalidInput
from services.enrollment.domain.enums import Relationship
from services.enrollment.domain.names import split_suffix
from services.enrollment.domain.people import Person
from services.enrollment.domain.person_matching import is_different_person
from tests.unit.services.enrollment import samples
from tests.unit.services.enrollment.harness import EnrollmentHarness


def fields(refused: Any) -> list[str]:
    return [one.field for one in refused.value.problems]


def applicant(**names: Any) -> pb.Person:
    return pb.Person(date_of_birth="1987-06-14", sex=common.SEX_FEMALE, tobacco_use=False, **names)


@pytest.mark.parametrize(
    ("typed", "kept"), [("Jr.", "Jr."), ("jr", "Jr."), (" SR. ", "Sr."), ("ii", "II"), ("III", "III"), ("iv", "IV")]
)
def test_a_suffix_is_kept_apart_however_it_is_typed(harness: EnrollmentHarness, typed: str, kept: str) -> None:
    person = applicant(first_name="Adam", last_name="Sample", suffix=typed)
    app = harness.save(harness.start(), household=samples.household(people=[person]))
    assert app.household.people[0].suffix == kept
    assert app.header.applicant_name == f"Adam Sample {kept}"


def test_an_unknown_suffix_is_refused(harness: EnrollmentHarness) -> None:
    with pytest.raises(InvalidInput) as refused:
        harness.save(
            harness.start(), household=samples.household(people=[applicant(last_name="Sample", suffix="Esq.")])
        )
    assert fields(refused) == ["people[0].suffix"]


def test_a_person_of_one_name_lacks_no_first_name(harness: EnrollmentHarness) -> None:
    app = harness.save(harness.start(), household=samples.household(people=[applicant(last_name="Suharto")]))
    asked = (application_pb2.STEP_HOUSEHOLD, "people[0].first_name")
    assert asked in harness.missing(app)
    person = app.household.people[0]
    person.one_name_only = True
    app = harness.save(app, household=samples.household(people=[person]))
    assert asked not in harness.missing(app)
    assert app.household.people[0].one_name_only and app.header.applicant_name == "Suharto"


def test_a_person_of_one_name_has_no_other_names(harness: EnrollmentHarness) -> None:
    person = applicant(first_name="A", middle_initial="B", last_name="Suharto", one_name_only=True)
    with pytest.raises(DomainError) as refused:
        harness.save(harness.start(), household=samples.household(people=[person]))
    assert fields(refused) == ["people[0].first_name", "people[0].middle_initial"]


def test_an_edit_makes_nobody_else_of_a_person_of_one_name() -> None:
    one = Person(Relationship.CHILD, last_name="Suharto", one_name_only=True, date_of_birth=date(2015, 5, 5))
    other = Person(Relationship.CHILD, last_name="Sukarno", one_name_only=True, date_of_birth=date(2011, 1, 1))
    assert is_different_person(one, other)
    named = Person(Relationship.CHILD, "Suharto", "", "Sample", date(2015, 5, 5))
    assert not is_different_person(one, named)


@pytest.mark.parametrize(
    ("typed", "last_name", "suffix"),
    [
        ("Sample Jr.", "Sample", "Jr."),
        ("De La Cruz, III", "De La Cruz", "III"),
        ("Sample", "Sample", ""),
        ("V", "V", ""),
        ("Van Iv Rood", "Van Iv Rood", ""),
    ],
)
def test_a_quote_s_last_name_gives_its_suffix_to_the_application(typed: str, last_name: str, suffix: str) -> None:
    assert split_suffix(typed) == (last_name, suffix)
