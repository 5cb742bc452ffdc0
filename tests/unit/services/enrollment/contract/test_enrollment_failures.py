"""Failed submissions: who can do something about them, where they are taken up again, when they are given up (R100)."""

from datetime import timedelta

import pytest
from suite.enrollment.v1 import application_pb2 as pb

from chassis.kernel import Command, Conflict, Forbidden, InvalidInput, NotFound, Unauthenticated, Unavailable
from services.enrollment.domain.enums import Status
from services.enrollment.domain.events import ApplicationSubmitted, SubmissionFailed, SubmissionRequested
from services.enrollment.events.outgoing import event_to_proto
from services.enrollment.usecases.pcp_review import PcpReview
from services.enrollment.usecases.submit_application import SubmitApplication
from tests.unit.services.enrollment.harness import EnrollmentHarness
from tests.unit.services.enrollment.samples import PRODUCER
from tests.unit.services.enrollment.service_fakes import FakeOutcomes

FIXABLE, OURS, CARRIER = pb.FAILURE_CLASS_FIXABLE, pb.FAILURE_CLASS_OURS, pb.FAILURE_CLASS_CARRIER


def kinds(harness: EnrollmentHarness, kind: type) -> int:
    return sum(isinstance(event, kind) for event in harness.work.events)


def later(harness: EnrollmentHarness, **step: float) -> None:
    harness.clock.advance(timedelta(**step))


@pytest.mark.parametrize(
    ("away", "refusal", "expected", "step", "field"),
    [
        ("quotes", InvalidInput.at("zip", "This is no ZIP code."), FIXABLE, pb.STEP_PLANS, "zip"),
        ("quotes", NotFound("There is no such plan in this plan year."), CARRIER, pb.STEP_PLANS, ""),
        *[
            (
                "quotes",
                InvalidInput.at("medical_plan_id", "Choose another plan.", code=code),
                CARRIER,
                pb.STEP_PLANS,
                "medical_plan_id",
            )
            for code in ("unknown_plan", "plan_off_sale", "plan_not_sold_there", "plan_does_not_admit")
        ],
        ("quotes", Conflict("No rate is filed.", code="rate_not_filed"), CARRIER, pb.STEP_PLANS, ""),
        (
            "providers",
            InvalidInput.at("members[0].pcp_id", "This provider takes no new patients."),
            FIXABLE,
            pb.STEP_PLANS,
            "pcp_choices",
        ),
        (
            "providers",
            InvalidInput.at("plan_id", "There is no directory for this plan.", code="no_directory"),
            CARRIER,
            pb.STEP_PLANS,
            "plan_id",
        ),
        ("payments", Forbidden("Only services may open payments."), OURS, pb.STEP_SIGNATURES, ""),
        ("payments", Unauthenticated("This token cannot be believed."), OURS, pb.STEP_SIGNATURES, ""),
    ],
    ids=[
        "no such ZIP code",
        "no such plan",
        "plan withdrawn",
        "made-up plan off sale",
        "plan not sold there any more",
        "plan not for these ages any more",
        "no rate any more",
        "provider is full",
        "directory withdrawn",
        "services misconfigured",
        "keys misconfigured",
    ],
)
def test_a_failure_says_who_can_do_something_and_where_to_go_on(
    harness: EnrollmentHarness, away: str, refusal: Exception, expected: int, step: int, field: str
) -> None:
    app = harness.complete()
    getattr(harness, away).failure = refusal
    failed = harness.submit(app)
    assert failed.status == pb.APPLICATION_STATUS_FAILED
    assert (failed.failure_class, failed.return_to.step, failed.return_to.field) == (expected, step, field)
    assert {one.failure_class for one in failed.failures} == {expected}
    event = next(event for event in harness.work.events if isinstance(event, SubmissionFailed))
    assert event_to_proto(event).message.failure_class == expected  # type: ignore[attr-defined]  # SubmissionFailed has it
    getattr(harness, away).failure = None
    assert harness.submit(failed).status == pb.APPLICATION_STATUS_SUBMITTED


def test_a_failure_that_the_producer_cannot_fix_shows_no_internals(harness: EnrollmentHarness) -> None:
    app = harness.complete()
    harness.payments.failure = Forbidden("Only enrollment may open payments.")
    [reason] = harness.submit(app).failures
    assert "enrollment" not in reason.message
    assert reason.message.endswith("Submit again.")


def test_only_a_failed_application_shows_the_help_line(harness: EnrollmentHarness) -> None:
    app = harness.complete()
    assert (app.help_line, app.failure_class, app.HasField("return_to")) == ("", 0, False)
    harness.quotes.surcharge = 5
    failed = harness.submit(app)
    assert failed.help_line == "Call 800-555-0100."
    done = harness.submit(failed)
    assert (done.help_line, done.failure_class, done.HasField("return_to")) == ("", 0, False)


def test_a_service_that_stays_away_is_asked_less_and_less_and_then_the_submission_is_ours_to_answer_for(
    harness: EnrollmentHarness,
) -> None:
    harness.payments.failure = Unavailable("away")
    harness.worker_runs = False
    app = harness.submit(harness.complete())
    asked = []
    for minute in range(1, 30):
        later(harness, minutes=1, seconds=1)
        if harness.retry_stuck_submissions():
            asked.append(minute)
        harness.worker_runs = True
        if harness.get(app).status == pb.APPLICATION_STATUS_SUBMITTING:
            with pytest.raises(Unavailable):
                harness.work_off()
    assert asked == [1, 3, 7, 15]
    failed = harness.get(app)
    assert (failed.status, failed.failure_class) == (pb.APPLICATION_STATUS_FAILED, OURS)
    assert [kinds(harness, kind) for kind in (SubmissionRequested, SubmissionFailed, ApplicationSubmitted)] == [4, 1, 0]


def test_a_submission_that_waits_in_a_long_queue_is_neither_asked_for_again_nor_given_up(
    harness: EnrollmentHarness,
) -> None:
    harness.worker_runs = False
    app = harness.submit(harness.complete())
    harness.queued = 1
    for _ in range(4):
        later(harness, hours=1)
        assert harness.retry_stuck_submissions() == 0
    assert harness.get(app).status == pb.APPLICATION_STATUS_SUBMITTING
    harness.queued = 0  # the control: out of its queue and still without outcome, it is stuck
    assert harness.retry_stuck_submissions() == 1


def test_after_it_was_given_up_a_late_delivery_changes_nothing_and_a_new_submission_starts_afresh(
    harness: EnrollmentHarness,
) -> None:
    harness.worker_runs = False
    app = harness.submit(harness.complete())
    for _ in range(4):
        later(harness, hours=1)
        assert harness.retry_stuck_submissions() == 1
    harness.run("queue", "late", app.record_number, 1)
    assert harness.get(app).status == pb.APPLICATION_STATUS_FAILED
    again = harness.submit(harness.get(app))
    assert again.status == pb.APPLICATION_STATUS_SUBMITTING
    later(harness, seconds=61)
    assert harness.retry_stuck_submissions() == 1
    harness.run("queue", "second", app.record_number, 2)
    assert harness.get(app).status == pb.APPLICATION_STATUS_SUBMITTED
    assert (kinds(harness, SubmissionFailed), kinds(harness, ApplicationSubmitted)) == (1, 1)


def test_a_stuck_submission_is_asked_for_again_after_a_minute_and_not_every_time(harness: EnrollmentHarness) -> None:
    harness.worker_runs = False
    harness.submit(harness.complete())
    assert harness.retry_stuck_submissions() == 0
    harness.clock.set_day("2026-05-21")
    assert harness.retry_stuck_submissions() == 1
    assert harness.retry_stuck_submissions() == 0
    harness.worker_runs = True
    harness.work_off()
    assert kinds(harness, ApplicationSubmitted) == 1


def test_an_outcome_that_is_not_told_is_found_by_a_look_now_and_then(harness: EnrollmentHarness) -> None:
    waits: list[float] = []
    wait = SubmitApplication(harness.service, PcpReview(harness.providers), FakeOutcomes(waits.append))
    harness.worker_runs = False
    app = harness.complete()
    view = wait(Command(PRODUCER, "submit_application", "the-same-key", b"x"), app.record_number, 0)
    assert view.application.status is Status.SUBMITTING
    assert waits == [2.0] * 4


def test_an_outcome_that_is_told_ends_the_wait(harness: EnrollmentHarness) -> None:
    def work_off(_seconds: float) -> bool:
        harness.work_off()
        return True

    wait = SubmitApplication(harness.service, PcpReview(harness.providers), FakeOutcomes(work_off))
    app = harness.complete()
    view = wait(Command(PRODUCER, "submit_application", "the-same-key", b"x"), app.record_number, 0)
    assert view.application.status is Status.SUBMITTED


def test_a_repeated_call_does_not_wait_for_an_outcome_that_is_there(harness: EnrollmentHarness) -> None:
    waits: list[float] = []
    app = harness.submit(harness.complete())
    wait = SubmitApplication(harness.service, PcpReview(harness.providers), FakeOutcomes(waits.append))
    command = Command(PRODUCER, "submit_application", "key-of-the-first-call", b"x")
    harness.work.save_response(command, app.record_number)
    wait(command, app.record_number, 0)
    assert waits == []
