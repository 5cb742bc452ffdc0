"""Readiness says what submission would refuse about the plans: one that was withdrawn, a changed premium (R67)."""

from __future__ import annotations

from suite.enrollment.v1 import application_pb2
from suite.enrollment.v1 import enrollment_service_pb2 as service
from suite.enrollment.v1 import steps_pb2 as pb

from chassis.kernel import InvalidInput, Unavailable
from tests.unit.services.enrollment import samples
from tests.unit.services.enrollment.harness import EnrollmentHarness

WITHDRAWN = InvalidInput.at("medical_plan_id", "This plan is not sold any more.", code="plan_off_sale")


def readiness(harness: EnrollmentHarness, app: application_pb2.Application) -> service.GetReadinessResponse:
    request = service.GetReadinessRequest(record_number=app.record_number)
    answer: service.GetReadinessResponse = harness.call("GetReadiness", request)
    return answer


def test_a_plan_that_was_withdrawn_is_missing_by_the_sentence_that_submission_says(harness: EnrollmentHarness) -> None:
    app = harness.complete(plan=samples.PPO)
    assert readiness(harness, app).ready
    harness.quotes.failure = WITHDRAWN
    found = readiness(harness, app)
    [told] = found.missing
    assert (found.ready, told.field, told.message) == (
        False,
        "medical_plan_id",
        "This plan is not sold any more.",
    )
    failed = harness.submit(app)
    assert [one.message for one in failed.failures] == [told.message]


def test_another_plan_makes_it_ready_again(harness: EnrollmentHarness) -> None:
    app = harness.complete(plan=samples.PPO)
    harness.quotes.withdrawn = {(2026, samples.PPO)}
    assert not readiness(harness, app).ready
    app = harness.save(app, plans=pb.PlansStep(medical_plan_id=samples.HMO, dental_plan_id=samples.DENTAL))
    assert readiness(harness, app).ready


def test_a_premium_that_changed_is_a_notice_and_stays_submittable(harness: EnrollmentHarness) -> None:
    app = harness.complete(plan=samples.PPO)
    harness.quotes.surcharge = 3
    found = readiness(harness, app)
    assert found.ready
    assert [one.message for one in found.notices if "premium has changed" in one.message]


def test_quote_that_does_not_answer_is_a_notice(harness: EnrollmentHarness) -> None:
    app = harness.complete(plan=samples.PPO)
    harness.quotes.failure = Unavailable("quote does not answer")
    found = readiness(harness, app)
    assert found.ready
    assert [one.message for one in found.notices if "could not be checked" in one.message]


def test_nothing_is_asked_while_something_else_is_missing(harness: EnrollmentHarness) -> None:
    app = harness.save(harness.complete(plan=samples.PPO), signatures=pb.SignaturesStep())
    before = harness.quotes.calls
    assert not readiness(harness, app).ready
    assert harness.quotes.calls == before
