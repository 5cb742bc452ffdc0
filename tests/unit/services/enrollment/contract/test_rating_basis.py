"""What the plans of an application are priced with, and what is missing of it."""

from typing import Any

import pytest
from suite.common.v1 import common_pb2 as common
from suite.enrollment.v1 import application_pb2, plan_choice_pb2
from suite.enrollment.v1 import steps_pb2 as pb

from chassis.kernel import Caller, CallerKind, InvalidInput, NotFound, NotReady, WritingNumber
from tests.unit.services.enrollment.harness import EnrollmentHarness
from tests.unit.services.enrollment.samples import PRODUCER, general, household, quote


def basis(
    harness: EnrollmentHarness, app: application_pb2.Application, coverage: Any = 0, caller: Caller = PRODUCER
) -> Any:
    request = plan_choice_pb2.GetRatingBasisRequest(record_number=app.record_number, coverage=coverage)
    return harness.call("GetRatingBasis", request, caller)


def dated(harness: EnrollmentHarness) -> application_pb2.Application:
    return harness.calculate(harness.save(harness.start(), general=general(("birth", "2026-05-10"))))


def test_place_date_and_people_of_a_draft_without_a_plan_are_given(harness: EnrollmentHarness) -> None:
    app = harness.save(dated(harness), household=household())
    found = basis(harness, app)
    assert (found.state, found.zip, found.county_fips, found.effective_date) == ("IL", "60601", "17031", "2026-05-10")
    assert [one.date_of_birth for one in found.members] == ["1987-06-14", "2026-05-10"]
    assert (found.coverage, found.exchange) == (common.COVERAGE_MEDICAL, common.EXCHANGE_OFF)
    assert not found.date_is_provisional
    assert basis(harness, app, common.COVERAGE_DENTAL).coverage == common.COVERAGE_DENTAL


def test_the_date_of_a_quote_is_provisional_until_it_is_calculated(harness: EnrollmentHarness) -> None:
    harness.quotes.saved = quote()
    found = basis(harness, harness.enroll().application)
    assert found.date_is_provisional
    assert found.effective_date == "2026-06-01"


def test_a_dental_form_gives_dental_plans_and_refuses_medical_ones(harness: EnrollmentHarness) -> None:
    app = harness.save(dated(harness), household=household(form_type=pb.FORM_TYPE_DENTAL))
    assert basis(harness, app).coverage == common.COVERAGE_DENTAL
    with pytest.raises(InvalidInput) as refused:
        basis(harness, app, common.COVERAGE_MEDICAL)
    assert [(one.field, one.rule) for one in refused.value.problems] == [("coverage", "R38")]


def test_every_part_that_is_missing_is_named_at_once(harness: EnrollmentHarness) -> None:
    app = harness.start()
    with pytest.raises(NotReady) as refused:
        basis(harness, app)
    assert [one.field for one in refused.value.problems] == [
        "general.effective_date",
        "household.people",
        "household.home_address.zip",
    ]
    app = harness.save(app, household=pb.HouseholdStep(people=[pb.Person(first_name="Ada")]))
    with pytest.raises(NotReady) as refused:
        basis(harness, app)
    assert "household.people[0].date_of_birth" in [one.field for one in refused.value.problems]


def test_somebody_elses_application_is_not_found(harness: EnrollmentHarness) -> None:
    stranger = Caller(CallerKind.PRODUCER, "other@example.com", (WritingNumber("660003012", "IL", "OTHER, PAT", ""),))
    with pytest.raises(NotFound):
        basis(harness, dated(harness), caller=stranger)
