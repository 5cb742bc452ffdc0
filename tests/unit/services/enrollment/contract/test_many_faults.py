"""A step with several faults is told all of them at once, and stays as it was."""

from __future__ import annotations

from typing import Any

import pytest
from suite.common.v1 import common_pb2 as common
from suite.enrollment.v1 import application_overview_pb2
from suite.enrollment.v1 import enrollment_service_pb2 as service
from suite.enrollment.v1 import steps_pb2 as pb

from chassis.kernel import InvalidInput, Unavailable
from tests.unit.services.enrollment import samples
from tests.unit.services.enrollment.harness import EnrollmentHarness

READABLE = {
    "people[0].first_name",
    "people[0].date_of_birth",
    "people[0].ssn",
    "home_address.street",
    "contact.phone",
    "contact.email",
    "hra.start_date",
}


def with_faults() -> pb.HouseholdStep:
    step = samples.household()
    step.people[0].first_name, step.people[0].date_of_birth, step.people[0].ssn = "123", "1990-13-45", "000-00-0000"
    step.home_address.street = "PO Box 12"
    step.contact.phone, step.contact.email = "12", "nobody"
    step.hra.kind, step.hra.start_date = "ICHRA", "1999-01-01"
    return step


def refusal(harness: EnrollmentHarness, step: pb.HouseholdStep) -> list[str]:
    app = harness.start()
    with pytest.raises(InvalidInput) as refused:
        harness.save(app, household=step)
    assert harness.get(app) == app
    return [problem.field for problem in refused.value.problems]


def test_texts_that_cannot_be_read_and_values_that_cannot_be_are_named_together(harness: EnrollmentHarness) -> None:
    told = refusal(harness, with_faults())
    assert set(told) == READABLE and len(told) == len(READABLE)


def test_bounds_of_the_contract_are_named_with_the_rest(harness: EnrollmentHarness) -> None:
    step = with_faults()
    step.home_address.zip, step.hra.employer_name = "6060", "x" * 101
    assert set(refusal(harness, step)) == READABLE | {"home_address.zip", "hra.employer_name"}


def test_a_zip_code_of_another_state_is_named_with_the_rest(harness: EnrollmentHarness) -> None:
    step = samples.household()
    step.home_address.zip, step.people[0].last_name = "10001", "#"
    assert set(refusal(harness, step)) == {"home_address.zip", "people[0].last_name"}


def test_a_foreign_writing_number_is_named_with_the_life_event(harness: EnrollmentHarness) -> None:
    app = harness.start()
    step = pb.GeneralStep(
        producer=common.Producer(writing_number="999999999"),
        special_enrollment=True,
        life_events=[pb.LifeEvent(kind="birth", date="soon"), pb.LifeEvent(kind="birth", date="later")],
    )
    with pytest.raises(InvalidInput) as refused:
        harness.save(app, general=step)
    assert [problem.field for problem in refused.value.problems] == [
        "life_events[0].date",
        "life_events[1].date",
        "producer.writing_number",
    ]


@pytest.mark.parametrize("street", ["1 Main St", "PO Box 12"])
def test_to_validate_a_step_saves_nothing(harness: EnrollmentHarness, street: str) -> None:
    app, step = harness.start(), samples.household()
    step.home_address.street = street
    request = service.SaveStepRequest(
        record_number=app.record_number, version=app.version, household=step, validate_only=True
    )
    if street == "1 Main St":
        assert harness.call("SaveStep", request).application == app
    else:
        with pytest.raises(InvalidInput) as refused:
            harness.call("SaveStep", request)
        assert [problem.field for problem in refused.value.problems] == ["home_address.street"]
    assert harness.get(app) == app


def refused_parts(harness: EnrollmentHarness, missing_in: str | None = "", **step: Any) -> list[str]:
    """What a step of an application that was complete is told, by a form that is meant to be finished."""
    app = harness.complete()
    with pytest.raises(InvalidInput) as refused:
        harness.save(app, missing_in=missing_in, **step)
    assert harness.get(app) == app
    return [problem.field for problem in refused.value.problems]


def test_what_is_missing_is_named_beside_what_is_wrong(harness: EnrollmentHarness) -> None:
    step = samples.household(authorization=pb.AUTHORIZATION_UNSPECIFIED)
    step.contact.email, step.contact.phone, step.home_address.zip = "nobody", "12", "10001"
    step.mailing_address.CopyFrom(pb.Address(city="Chicago", state="IL", zip="60602"))
    wrong = ["home_address.zip", "contact.phone", "contact.email"]
    assert refused_parts(harness, household=step) == [*wrong, "authorization", "mailing_address.street"]
    assert refused_parts(harness, None, household=step) == wrong


def test_what_is_missing_is_named_beside_what_the_contract_bounds(harness: EnrollmentHarness) -> None:
    step = samples.household(authorization=pb.AUTHORIZATION_UNSPECIFIED)
    step.home_address.zip = "6060"
    assert refused_parts(harness, household=step) == ["home_address.zip", "authorization"]


def test_an_hra_of_no_type_is_told_all_that_it_lacks_beside_what_is_wrong(harness: EnrollmentHarness) -> None:
    step = samples.household()
    step.home_address.city, step.hra.start_date = "\u2603", "6/31/2026"
    lacks = ["hra.kind", "hra.employer_name", "hra.monthly_contribution"]
    assert refused_parts(harness, household=step) == ["hra.start_date", "home_address.city", *lacks]


def test_of_one_person_only_what_that_person_lacks_is_named(harness: EnrollmentHarness) -> None:
    step = samples.household(authorization=pb.AUTHORIZATION_UNSPECIFIED)
    step.people[1].relationship, step.people[1].last_name = common.RELATIONSHIP_SPOUSE, ""
    assert refused_parts(harness, "people[1].", household=step) == ["people[1].date_of_birth", "people[1].last_name"]


@pytest.mark.parametrize("pcp_id", ["NOPE", "ADULT"])
def test_a_provider_who_cannot_be_had_is_named_beside_a_group_that_is_none(
    harness: EnrollmentHarness, pcp_id: str
) -> None:
    choices = [pb.PcpChoice(member_index=0, medical_group_id="99"), pb.PcpChoice(member_index=1, pcp_id=pcp_id)]
    step = pb.PlansStep(medical_plan_id=samples.HMO, pcp_choices=choices)
    told = ["pcp_choices[0].medical_group_id", "pcp_choices[1].pcp_id"]
    assert refused_parts(harness, None, plans=step) == told


@pytest.mark.parametrize("away", ["quotes", "providers"])
def test_what_is_wrong_is_told_while_another_service_is_away(harness: EnrollmentHarness, away: str) -> None:
    app = harness.complete()
    if away == "quotes":
        harness.quotes.failure = Unavailable("quote does not answer")
    else:
        harness.providers.check_failure = Unavailable("pcp does not answer")
    choices = [pb.PcpChoice(member_index=0, medical_group_id="99"), pb.PcpChoice(member_index=1, pcp_id="NOPE")]
    with pytest.raises(InvalidInput) as refused:
        harness.save(app, plans=pb.PlansStep(medical_plan_id=samples.HMO, pcp_choices=choices))
    assert [problem.field for problem in refused.value.problems] == ["pcp_choices[0].medical_group_id"]


def test_a_replaced_policy_is_told_everything_that_it_lacks(harness: EnrollmentHarness) -> None:
    step = pb.OtherCoverageStep(replaces_coverage=True, replaced=[pb.ReplacedCoverage(policy_number="\u2603")])
    part = [f"replaced[0].{name}" for name in ("policy_number", "insurer", "termination_date")]
    assert refused_parts(harness, "replaced[0].", other_coverage=step) == part


def test_to_validate_names_what_is_missing_although_nothing_is_wrong(harness: EnrollmentHarness) -> None:
    app, step = harness.start(), samples.household(authorization=pb.AUTHORIZATION_UNSPECIFIED)
    request = service.SaveStepRequest(
        record_number=app.record_number, version=app.version, household=step, validate_only=True, missing_in=""
    )
    with pytest.raises(InvalidInput) as refused:
        harness.call("SaveStep", request)
    assert [problem.field for problem in refused.value.problems] == ["authorization"]
    request.validate_only = False
    assert harness.call("SaveStep", request).application.version == app.version + 1  # a draft may be partial


def test_a_special_enrollment_without_an_event_lacks_its_date_too(harness: EnrollmentHarness) -> None:
    app = harness.save(harness.start(), general=samples.general())
    assert harness.missing(app)[:2] == [(1, "life_events"), (1, "effective_date")]


@pytest.mark.parametrize("day", ["0001-01-05", "9999-12-31", "soon"])
def test_a_life_event_that_cannot_be_is_told_alone(harness: EnrollmentHarness, day: str) -> None:
    assert refused_parts(harness, general=samples.general(("birth", day))) == ["life_events[0].date"]


def test_only_a_save_says_that_nothing_was_saved(harness: EnrollmentHarness) -> None:
    page = common.Page(size=1000)
    with pytest.raises(InvalidInput) as searched:
        harness.call("ListApplications", application_overview_pb2.ListApplicationsRequest(page=page))
    with pytest.raises(InvalidInput) as saved:
        harness.save(harness.start(), household=with_faults())
    assert ("saved" in searched.value.message, "saved" in saved.value.message) == (False, True)
