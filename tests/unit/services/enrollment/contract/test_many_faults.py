"""A step with several faults is told all of them at once, and stays as it was."""

from __future__ import annotations

import pytest
from suite.common.v1 import common_pb2 as common
from suite.enrollment.v1 import enrollment_service_pb2 as service
from suite.enrollment.v1 import steps_pb2 as pb

from chassis.kernel import InvalidInput
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
