"""Steps in any order, notices at the save, and plans that stay while a date is calculated again."""

from __future__ import annotations

from dataclasses import replace

import pytest
from suite.enrollment.v1 import enrollment_service_pb2 as service
from suite.enrollment.v1 import steps_pb2 as pb

from chassis.kernel import InvalidInput
from services.enrollment.domain.enums import Status
from tests.unit.services.enrollment.harness import EnrollmentHarness
from tests.unit.services.enrollment.samples import DENTAL, HMO, general, household


def test_plans_before_the_household_are_taken_and_readiness_says_what_to_complete(harness: EnrollmentHarness) -> None:
    app = harness.save(harness.start(), plans=pb.PlansStep(medical_plan_id=HMO, dental_plan_id=DENTAL))
    request = service.GetReadinessRequest(record_number=app.record_number)
    said = {one.field: one.message for one in harness.call("GetReadiness", request).missing}
    assert said["medical_plan_id"].startswith("Complete the household, the address and the effective date")


def test_a_consumer_choice_agreement_before_plans_are_priced_is_taken(harness: EnrollmentHarness) -> None:
    app = harness.save(harness.start(), signatures=pb.SignaturesStep(consumer_choice_agreed=True))
    assert app.signatures.consumer_choice_agreed


def test_an_edited_life_event_leaves_plan_and_premium_marked_provisional(harness: EnrollmentHarness) -> None:
    app = harness.complete()
    before = app.header
    assert not before.date_is_provisional
    app = harness.save(app, general=general(("birth", "2026-05-11")))
    assert app.effective_date == ""
    assert (app.header.medical_plan_name, app.header.monthly_premium) == (
        before.medical_plan_name,
        before.monthly_premium,
    )
    assert app.header.date_is_provisional
    assert not harness.calculate(app).header.date_is_provisional


@pytest.mark.parametrize(("kind", "day"), [("birth", "2026-06-01"), ("marriage", "2026-03-20")])
def test_a_life_event_that_gives_no_date_today_is_noticed_at_the_save(
    harness: EnrollmentHarness, kind: str, day: str
) -> None:
    app = harness.save(harness.start(), general=general((kind, day)))
    assert "life_events[0].date" in [notice.field for notice in app.notices]
    app = harness.save(app, general=general(("birth", "2026-05-10")))
    assert not app.notices


def test_nothing_to_correct_is_said_of_an_application_that_has_expired(harness: EnrollmentHarness) -> None:
    app = harness.save(harness.start(), general=general(("birth", "2026-06-01")))
    asked = service.GetReadinessRequest(record_number=app.record_number)
    assert harness.call("GetReadiness", asked).missing
    stored = harness.state.applications[app.record_number]
    harness.state.applications[app.record_number] = replace(stored, status=Status.EXPIRED)
    assert not harness.get(app).notices
    found = harness.call("GetReadiness", asked)
    assert (list(found.missing), list(found.notices), found.ready) == ([], [], False)


def test_an_unknown_life_event_is_refused_without_codes(harness: EnrollmentHarness) -> None:
    with pytest.raises(InvalidInput) as refused:
        harness.save(harness.start(), general=general(("lottery", "2026-05-10")))
    assert [one.message for one in refused.value.problems] == ["Choose one of the life events that the form offers."]


def test_a_social_security_number_of_letters_is_asked_for_as_nine_digits(harness: EnrollmentHarness) -> None:
    step = household()
    step.people[0].ssn = "abc"
    with pytest.raises(InvalidInput) as refused:
        harness.save(harness.start(), household=step)
    assert "has 9 digits" in refused.value.problems[0].message


def test_the_same_number_again_is_no_change_in_the_timeline(harness: EnrollmentHarness) -> None:
    step = household()
    step.people[0].ssn = "536-90-4399"
    app = harness.save(harness.start(), household=step)
    assert "Social Security number of the primary applicant" not in _again(harness, app, step)
    step.people[0].ssn = "536-90-4398"
    assert "Social Security number of the primary applicant" in _again(harness, harness.get(app), step)


def _again(harness: EnrollmentHarness, app: object, step: pb.HouseholdStep) -> list[str]:
    saved = harness.save(app, household=step)  # type: ignore[arg-type]  # an application
    request = service.GetTimelineRequest(record_number=saved.record_number)
    return list(harness.call("GetTimeline", request).entries[-1].changed_fields)


@pytest.mark.parametrize("field", ["first_name", "last_name"])
def test_a_name_that_no_834_can_carry_is_refused_at_its_field(harness: EnrollmentHarness, field: str) -> None:
    step = household()
    setattr(step.people[1], field, "<script>alert(1)</script>")
    with pytest.raises(InvalidInput) as refused:
        harness.save(harness.start(), household=step)
    assert [one.field for one in refused.value.problems] == [f"people[1].{field}"]
    signer = pb.Signer(first_name="12345", last_name="Sample", relationship_to_applicant="Mother")
    with pytest.raises(InvalidInput) as refused:
        harness.save(harness.start(), signatures=pb.SignaturesStep(authorized_representative=signer))
    assert [one.field for one in refused.value.problems] == ["authorized_representative.first_name"]
