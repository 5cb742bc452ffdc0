"""An entry in which nothing was given is not stored: it is told what it lacks. A partial one is a draft (R96)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from suite.common.v1 import common_pb2 as common
from suite.enrollment.v1 import records_pb2
from suite.enrollment.v1 import steps_pb2 as pb

from chassis.kernel import InvalidInput
from services.enrollment.domain.enums import Relationship
from services.enrollment.domain.people import Person
from services.enrollment.domain.steps import OtherCoverage
from tests.unit.services.enrollment import samples
from tests.unit.services.enrollment.harness import EnrollmentHarness

PERSON = ["first_name", "last_name", "date_of_birth", "sex"]
REPLACED = ["insurer", "policy_number", "termination_date"]
OTHER = ["member_number", "group_id"]
HRA = ["kind", "start_date", "employer_name", "monthly_contribution"]


def household(*people: pb.Person, **more: Any) -> dict[str, Any]:
    applicant = pb.Person(relationship=common.RELATIONSHIP_SELF)
    return {"household": samples.household(people=[applicant, *people], **more)}


def other_coverage(**lists: Any) -> dict[str, Any]:
    return {"other_coverage": pb.OtherCoverageStep(**lists)}


@pytest.fixture
def app(harness: EnrollmentHarness) -> Any:
    """With an applicant of whom nothing is known yet."""
    return harness.save(harness.start(), **household())


def told(harness: EnrollmentHarness, app: Any, **step: Any) -> list[str]:
    before = harness.get(app)
    with pytest.raises(InvalidInput) as refused:
        harness.save(app, **step)
    assert harness.get(app) == before
    return [problem.field for problem in refused.value.problems]


@pytest.mark.parametrize(
    ("step", "prefix", "lacks"),
    [
        (household(pb.Person(relationship=common.RELATIONSHIP_SPOUSE)), "people[1].", PERSON),
        (household(pb.Person(relationship=common.RELATIONSHIP_CHILD)), "people[1].", PERSON),
        (
            household(
                pb.Person(
                    relationship=common.RELATIONSHIP_SPOUSE,
                    contact=pb.Contact(),
                    self_identification=records_pb2.SelfIdentification(),
                )
            ),
            "people[1].",
            PERSON,
        ),
        (household(hra=pb.Hra()), "hra.", HRA),
        (other_coverage(replaces_coverage=True, replaced=[pb.ReplacedCoverage()]), "replaced[0].", REPLACED),
        (other_coverage(has_other_coverage=True, others=[pb.OtherCoverage()]), "others[0].", OTHER),
        (other_coverage(replaced=[pb.ReplacedCoverage()]), "replaced[0].", REPLACED),
        (other_coverage(others=[pb.OtherCoverage()]), "others[0].", OTHER),
    ],
)
def test_a_new_entry_without_anything_is_refused_with_what_it_lacks(
    harness: EnrollmentHarness, app: Any, step: Any, prefix: str, lacks: list[str]
) -> None:
    assert told(harness, app, **step) == [prefix + name for name in lacks]


def test_whose_a_policy_is_says_nothing_of_it(harness: EnrollmentHarness) -> None:
    app = harness.complete()
    policy = pb.OtherCoverage(person_id=app.household.people[1].person_id)
    step = other_coverage(has_other_coverage=True, others=[policy])
    assert told(harness, app, **step) == ["others[0].member_number", "others[0].group_id"]


def test_it_is_told_beside_what_is_wrong_with_the_step(harness: EnrollmentHarness) -> None:
    step = household(pb.Person(relationship=common.RELATIONSHIP_CHILD), contact=pb.Contact(phone="12"))
    lacks = [f"people[1].{name}" for name in PERSON]
    assert told(harness, harness.start(), **step) == ["contact.phone", *lacks]


@pytest.mark.parametrize(
    "step",
    [
        household(pb.Person(relationship=common.RELATIONSHIP_CHILD, first_name="Cal")),
        household(pb.Person(relationship=common.RELATIONSHIP_CHILD, tobacco_use=False)),
        household(pb.Person(relationship=common.RELATIONSHIP_CHILD, disabled_dependent=True)),
        household(pb.Person(relationship=common.RELATIONSHIP_CHILD, ssn="123-45-0001")),
        household(hra=pb.Hra(kind="ICHRA")),
        other_coverage(replaced=[pb.ReplacedCoverage(termination_date="2026-05-31")]),
        other_coverage(others=[pb.OtherCoverage(name_on_policy="Sample")]),
        household(),
    ],
)
def test_an_entry_with_anything_in_it_is_a_draft(harness: EnrollmentHarness, app: Any, step: Any) -> None:
    assert harness.save(app, **step).version == app.version + 1


def test_what_cannot_be_read_is_something_given(harness: EnrollmentHarness, app: Any) -> None:
    step = other_coverage(replaced=[pb.ReplacedCoverage(termination_date="soon")])
    assert told(harness, app, **step) == ["replaced[0].termination_date"]
    assert told(harness, app, **household(pb.Person(ssn="12"))) == ["people[1].ssn"]


def test_an_entry_that_is_emptied_is_told_what_it_lacks(harness: EnrollmentHarness, app: Any) -> None:
    app = harness.save(app, **other_coverage(others=[pb.OtherCoverage(group_id="G-1")]))
    app = harness.save(app, **household(pb.Person(relationship=common.RELATIONSHIP_CHILD, first_name="Cal")))
    child = app.household.people[1]
    child.first_name = ""
    assert told(harness, app, **household(child)) == [f"people[1].{name}" for name in PERSON]
    assert told(harness, app, **other_coverage(others=[pb.OtherCoverage()])) == [f"others[0].{name}" for name in OTHER]


def test_empty_entries_that_are_stored_keep_no_step_from_being_saved(harness: EnrollmentHarness) -> None:
    """As drafts of before may have them; one more is refused."""
    app = harness.save(harness.start(), **household(pb.Person(first_name="Cal")))
    app = harness.save(app, **other_coverage(others=[pb.OtherCoverage(group_id="G-1")]))
    stored = harness.state.applications[app.record_number]
    empty = Person(Relationship.CHILD, person_id=stored.household.people[1].person_id)
    harness.state.applications[app.record_number] = replace(
        stored,
        household=replace(stored.household, people=(stored.household.people[0], empty)),
        other_coverage=replace(stored.other_coverage, others=(OtherCoverage(0),)),
    )
    people = harness.get(app).household.people
    app = harness.save(app, household=samples.household(people=people))
    app = harness.save(app, **other_coverage(others=[pb.OtherCoverage(), pb.OtherCoverage(group_id="G-2")]))
    assert told(harness, app, **other_coverage(others=[pb.OtherCoverage(), pb.OtherCoverage()]))[0].startswith(
        "others[1]."
    )
    people.add(relationship=common.RELATIONSHIP_CHILD)
    step = samples.household(people=people)
    assert told(harness, app, household=step) == [f"people[2].{name}" for name in PERSON]
