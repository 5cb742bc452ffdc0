"""What is wrong between two people of an application is told with everything else, and not when all else is right."""

from __future__ import annotations

from typing import Any

import pytest
from suite.common.v1 import common_pb2 as common
from suite.enrollment.v1 import enrollment_service_pb2 as service
from suite.enrollment.v1 import steps_pb2 as pb

from chassis.kernel import Conflict, InvalidInput
from tests.unit.services.enrollment import samples
from tests.unit.services.enrollment.harness import EnrollmentHarness

FIRST, SECOND = "123-45-0001", "123-45-0002"


@pytest.fixture
def app(harness: EnrollmentHarness) -> Any:
    """Two people with their numbers, which are sealed."""
    people = samples.household().people
    people[0].ssn, people[1].ssn = FIRST, SECOND
    return harness.save(harness.start(), household=samples.household(people=people))


def edited(app: Any, place: int, **changes: str) -> pb.HouseholdStep:
    step = samples.household(people=app.household.people)
    for name, value in changes.items():
        setattr(step.people[place], name, value)
    return step


def with_child(app: Any, **typed: Any) -> pb.HouseholdStep:
    """Somebody new with the number of the primary applicant."""
    step = samples.household(people=app.household.people)
    step.people.add(relationship=common.RELATIONSHIP_CHILD, ssn=FIRST, **typed)
    return step


def told(harness: EnrollmentHarness, app: Any, step: pb.HouseholdStep, **how: Any) -> list[str]:
    with pytest.raises(InvalidInput) as refused:
        harness.save(app, household=step, **how)
    assert harness.get(app) == app
    return [problem.field for problem in refused.value.problems]


@pytest.mark.parametrize(("place", "number"), [(0, SECOND), (1, FIRST)])
def test_a_number_that_somebody_has_is_told_where_it_was_typed(
    harness: EnrollmentHarness, app: Any, place: int, number: str
) -> None:
    assert told(harness, app, edited(app, place, ssn=number)) == [f"people[{place}].ssn"]


def test_it_is_told_beside_what_is_wrong(harness: EnrollmentHarness, app: Any) -> None:
    step = edited(app, 1, ssn=FIRST, middle_initial="7")
    step.contact.phone = "12"
    assert set(told(harness, app, step)) == {"people[1].ssn", "people[1].middle_initial", "contact.phone"}


def test_it_is_told_beside_what_cannot_be_read(harness: EnrollmentHarness, app: Any) -> None:
    step = edited(app, 1, ssn=FIRST, date_of_birth="soon")
    assert set(told(harness, app, step)) == {"people[1].ssn", "people[1].date_of_birth"}


def test_it_is_told_beside_what_the_contract_bounds(harness: EnrollmentHarness, app: Any) -> None:
    step = with_child(app, first_name="x" * 100)
    assert set(told(harness, app, step)) == {"people[2].ssn", "people[2].first_name"}


def test_it_is_told_beside_what_is_missing(harness: EnrollmentHarness, app: Any) -> None:
    step = with_child(app, first_name="Lou", sex=common.SEX_FEMALE)
    lacks = ["people[2].last_name", "people[2].date_of_birth"]
    assert told(harness, app, step, missing_in="people[2].") == ["people[2].ssn", *lacks]


def test_it_is_told_when_a_step_is_only_validated(harness: EnrollmentHarness, app: Any) -> None:
    request = service.SaveStepRequest(
        record_number=app.record_number, version=app.version, household=edited(app, 1, ssn=FIRST), validate_only=True
    )
    with pytest.raises(InvalidInput) as refused:
        harness.call("SaveStep", request)
    assert [problem.field for problem in refused.value.problems] == ["people[1].ssn"]


def test_a_number_that_is_taken_away_in_the_same_save_is_free(harness: EnrollmentHarness, app: Any) -> None:
    step = edited(app, 1, ssn=FIRST)
    step.people[0].remove_ssn = True
    assert [one.ssn_last_four for one in harness.save(app, household=step).household.people] == ["", "0001"]


def test_two_people_who_exchange_their_numbers_are_not_told_so_beside_another_fault(
    harness: EnrollmentHarness, app: Any
) -> None:
    step = edited(app, 1, ssn=FIRST, middle_initial="7")
    step.people[0].ssn = SECOND
    assert told(harness, app, step) == ["people[1].middle_initial"]


def test_somebody_who_would_become_another_person_is_told_with_the_rest(harness: EnrollmentHarness, app: Any) -> None:
    step = edited(app, 0, first_name="Eve", date_of_birth="1980-01-01")
    with pytest.raises(Conflict) as alone:
        harness.save(app, household=step)
    assert alone.value.code == "another_person"
    step.contact.phone = "12"
    assert set(told(harness, app, step)) == {"people[0]", "contact.phone"}
    step.contact.phone, step.hra.start_date = "", "soon"
    assert set(told(harness, app, step)) == {"people[0]", "hra.start_date"}


def test_who_a_person_is_is_not_judged_by_what_cannot_be_read(harness: EnrollmentHarness, app: Any) -> None:
    step = edited(app, 0, first_name="Eve", date_of_birth="soon")
    assert told(harness, app, step) == ["people[0].date_of_birth"]


@pytest.mark.parametrize("place", [0, 1])
def test_a_person_whose_names_are_out_of_bounds_is_not_taken_for_somebody_else(
    harness: EnrollmentHarness, app: Any, place: int
) -> None:
    step = edited(app, place, first_name="x" * 100, last_name="y" * 100)
    assert set(told(harness, app, step)) == {f"people[{place}].first_name", f"people[{place}].last_name"}
