"""Ending coverage that has begun: which, from when to when, once, and who is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from suite.common.v1 import common_pb2 as common
from suite.enrollment.v1 import after_submission_pb2 as after
from suite.enrollment.v1 import application_pb2 as pb

from chassis.kernel import AlreadyExists, Conflict, InvalidInput, NotFound
from services.enrollment.domain.events import CoverageTerminated
from services.enrollment.events.outgoing import event_to_proto
from tests.unit.services.enrollment.contract.test_enrollment_cancellation import cancel
from tests.unit.services.enrollment.harness import EnrollmentHarness
from tests.unit.services.enrollment.samples import DENTAL, HMO

MEDICAL_ALONE, DENTAL_ALONE = (common.COVERAGE_MEDICAL,), (common.COVERAGE_DENTAL,)
BOTH = (*MEDICAL_ALONE, *DENTAL_ALONE)
OTHER_COVERAGE, DECEASED = pb.TERMINATION_REASON_OTHER_COVERAGE, pb.TERMINATION_REASON_DECEASED
CLIENT = pb.CANCEL_PARTY_CLIENT


def terminate(
    harness: EnrollmentHarness,
    app: pb.Application,
    last_day: str,
    coverages: Sequence[Any] = MEDICAL_ALONE,
    *,
    key: str = "",
    **changes: Any,
) -> pb.Application:
    values = {"reason": OTHER_COVERAGE, "asked_by": CLIENT} | changes
    request = after.TerminateCoverageRequest(
        idempotency_key=key or harness.key(),
        record_number=app.record_number,
        coverages=coverages,
        last_day=last_day,
        **values,
    )
    application: pb.Application = harness.call("TerminateCoverage", request).application
    return application


def told(harness: EnrollmentHarness) -> list[Any]:
    return [event_to_proto(event).message for event in harness.work.events if isinstance(event, CoverageTerminated)]


@pytest.fixture
def covered(harness: EnrollmentHarness) -> pb.Application:
    """Medical and dental coverage since June 1, 2026, seen on the same day."""
    app: pb.Application = harness.submit(harness.calculate(harness.complete(), "2026-06-01"))
    harness.clock.set_day("2026-06-01")
    return app


def test_what_was_asked_for_stands_in_the_application_and_its_status_stays(
    harness: EnrollmentHarness, covered: pb.Application
) -> None:
    done = terminate(harness, covered, "2026-06-30")
    assert list(done.terminations) == [
        pb.CoverageTermination(
            coverage=common.COVERAGE_MEDICAL,
            requested_on="2026-06-01",
            last_day="2026-06-30",
            reason=OTHER_COVERAGE,
            asked_by=CLIENT,
        )
    ]
    assert done.status == pb.APPLICATION_STATUS_SUBMITTED
    assert list(done.termination_choice.coverages) == [common.COVERAGE_DENTAL]
    assert harness.get(done) == done


def test_before_coverage_begins_it_is_cancelled_instead(harness: EnrollmentHarness, covered: pb.Application) -> None:
    harness.clock.set_day("2026-05-31")
    with pytest.raises(Conflict) as refused:
        terminate(harness, covered, "2026-06-30")
    assert refused.value.code == "coverage_not_begun"
    shown = harness.get(covered)
    assert (shown.termination_refusal, shown.HasField("termination_choice")) == (refused.value.message, False)
    assert "begins on 6/1/2026" in shown.termination_refusal and not shown.cancellation_refusal


def test_from_the_day_on_which_it_begins_it_is_terminated(harness: EnrollmentHarness, covered: pb.Application) -> None:
    shown = harness.get(covered)
    assert shown.termination_choice == pb.TerminationChoice(
        coverages=BOTH,
        earliest_last_day="2026-06-15",
        earliest_last_day_deceased="2026-06-01",
        latest_last_day="2026-12-31",
    )
    assert not shown.termination_refusal
    assert shown.cancellation_refusal.endswith("Terminate coverage instead.")
    shown = terminate(harness, covered, shown.termination_choice.earliest_last_day, BOTH)
    assert shown.cancellation_refusal == "Coverage has begun, so this application can no longer be cancelled."


@pytest.mark.parametrize("last_day", ["2026-06-14", "2026-05-31", "2027-01-01", "0001-01-01"])
def test_last_day_without_notice_or_after_the_plan_year_is_refused(
    harness: EnrollmentHarness, covered: pb.Application, last_day: str
) -> None:
    with pytest.raises(InvalidInput, match="No coverage was terminated") as refused:
        terminate(harness, covered, last_day)
    assert [(one.field, one.message) for one in refused.value.problems] == [
        ("last_day", "Choose a last day of coverage from 6/15/2026 to 12/31/2026: 14 days' notice is needed.")
    ]
    assert not told(harness)


def test_december_17_is_the_last_day_of_notice(harness: EnrollmentHarness, covered: pb.Application) -> None:
    harness.clock.set_day("2026-12-17")
    choice = harness.get(covered).termination_choice
    assert choice.earliest_last_day == choice.latest_last_day == "2026-12-31"
    terminate(harness, covered, "2026-12-31")


def test_after_december_17_only_a_death_is_told(harness: EnrollmentHarness, covered: pb.Application) -> None:
    harness.clock.set_day("2026-12-18")
    choice = harness.get(covered).termination_choice
    assert (choice.earliest_last_day, choice.earliest_last_day_deceased) == ("", "2026-06-01")
    with pytest.raises(Conflict) as refused:
        terminate(harness, covered, "2026-12-31")
    assert refused.value.code == "plan_year_ends"
    assert "ends with the plan year, on 12/31/2026" in refused.value.message
    terminate(harness, covered, "2026-12-05", BOTH, reason=DECEASED)


def test_after_the_plan_year_nothing_is_left(harness: EnrollmentHarness, covered: pb.Application) -> None:
    harness.clock.set_day("2027-01-01")
    with pytest.raises(Conflict) as refused:
        terminate(harness, covered, "2026-12-31", reason=DECEASED)
    assert refused.value.code == "plan_year_ends"
    assert harness.get(covered).termination_refusal == refused.value.message


def test_plan_that_the_first_payment_renewed_is_terminated_in_its_second_year(
    harness_on: Callable[[str], EnrollmentHarness],
) -> None:
    """Born on December 31, 2026, and applied for on January 15, 2027: both months are due."""
    harness = harness_on("2027-01-15")
    app = harness.submit(harness.complete(event="2026-12-31"))
    assert [due.month for due in app.first_payment_months] == ["2026-12", "2027-01"]
    assert app.termination_choice == pb.TerminationChoice(
        coverages=BOTH,
        earliest_last_day="2027-01-29",
        earliest_last_day_deceased="2026-12-31",
        latest_last_day="2027-12-31",
    )
    assert [notice.message.partition(":")[0] for notice in app.notices] == ["Plan 9900001", "Plan 9900010"]
    done = terminate(harness, app, "2027-01-31")
    assert [notice.message.partition(":")[0] for notice in done.notices] == ["Plan 9900010"]


@pytest.mark.parametrize(
    ("last_day", "taken"), [("2026-05-31", False), ("2026-06-01", True), ("2026-07-20", True), ("2026-07-21", False)]
)
def test_who_died_is_covered_to_the_date_of_death_which_has_come(
    harness: EnrollmentHarness, covered: pb.Application, last_day: str, taken: bool
) -> None:
    harness.clock.set_day("2026-07-20")
    if taken:
        done = terminate(harness, covered, last_day, BOTH, reason=DECEASED)
        assert {one.last_day for one in done.terminations} == {last_day}
        return
    with pytest.raises(InvalidInput) as refused:
        terminate(harness, covered, last_day, BOTH, reason=DECEASED)
    assert [one.message for one in refused.value.problems] == [
        "Choose a last day of coverage from 6/1/2026 to 7/20/2026."
    ]


def test_dental_ends_first_and_medical_later(harness: EnrollmentHarness, covered: pb.Application) -> None:
    terminate(harness, covered, "2026-06-30", DENTAL_ALONE)
    harness.clock.set_day("2026-08-01")
    with pytest.raises(Conflict) as refused:
        terminate(harness, covered, "2026-09-30", BOTH)
    assert refused.value.code == "coverage_terminated"
    assert "dental coverage on 6/30/2026" in refused.value.message and "medical" not in refused.value.message
    done = terminate(harness, covered, "2026-09-30")
    assert [(one.coverage, one.last_day) for one in done.terminations] == [
        (common.COVERAGE_DENTAL, "2026-06-30"),
        (common.COVERAGE_MEDICAL, "2026-09-30"),
    ]


def test_coverage_ends_once(harness: EnrollmentHarness, covered: pb.Application) -> None:
    terminate(harness, covered, "2026-06-30", BOTH)
    for coverages in (MEDICAL_ALONE, DENTAL_ALONE, BOTH):
        with pytest.raises(Conflict) as refused:
            terminate(harness, covered, "2026-12-31", coverages)
        assert refused.value.code == "coverage_terminated"
    assert harness.get(covered).termination_refusal == refused.value.message
    assert len(told(harness)) == 2


def test_each_plan_has_an_event_of_its_own_without_anything_personal(
    harness: EnrollmentHarness, covered: pb.Application
) -> None:
    terminate(harness, covered, "2026-06-30", BOTH[::-1])
    events = told(harness)
    assert [(one.coverage, one.plan_id) for one in events] == [
        (common.COVERAGE_MEDICAL, HMO),
        (common.COVERAGE_DENTAL, DENTAL),
    ]
    for event in events:
        assert (event.record_number, event.requested_on, event.last_day) == (
            covered.record_number,
            "2026-06-01",
            "2026-06-30",
        )
        assert (event.state, event.writing_number, event.reason, event.asked_by) == (
            "IL",
            "220002580",
            OTHER_COVERAGE,
            CLIENT,
        )


def test_coverage_that_the_application_lacks_or_names_twice_is_refused_where_it_stands(
    harness: EnrollmentHarness,
) -> None:
    plans = harness.calculate(harness.complete(), "2026-06-01")
    plans.plans.dental_plan_id = ""
    plans.plans.pediatric_dental_attested = True
    medical = harness.submit(harness.save(plans, plans=plans.plans))
    harness.clock.set_day("2026-06-01")
    with pytest.raises(InvalidInput) as refused:
        terminate(harness, medical, "2026-06-01", BOTH)
    assert [one.field for one in refused.value.problems] == ["coverages[1]", "last_day"]
    with pytest.raises(InvalidInput) as refused:
        terminate(harness, medical, "2026-06-30", (*MEDICAL_ALONE, *MEDICAL_ALONE))
    assert [one.field for one in refused.value.problems] == ["coverages[1]"]
    assert not told(harness)


def test_draft_failed_and_cancelled_applications_have_no_coverage_to_end(harness: EnrollmentHarness) -> None:
    draft = harness.calculate(harness.complete(), "2026-06-01")
    harness.quotes.surcharge = 5
    failed = harness.submit(draft)
    for app in (draft, failed):
        with pytest.raises(Conflict) as refused:
            terminate(harness, app, "2026-06-30")
        assert refused.value.code == "not_submitted"
        assert harness.get(app).termination_refusal == refused.value.message
    done = cancel(harness, harness.submit(failed))
    harness.clock.set_day("2026-06-01")
    with pytest.raises(Conflict) as refused:
        terminate(harness, done, "2026-06-30")
    assert refused.value.code == "application_cancelled"
    assert harness.get(done).termination_refusal == refused.value.message


def test_the_same_key_terminates_once_and_serves_no_other_termination(
    harness: EnrollmentHarness, covered: pb.Application
) -> None:
    first = terminate(harness, covered, "2026-06-30", key="the-same-key")
    assert terminate(harness, covered, "2026-06-30", key="the-same-key") == first
    with pytest.raises(AlreadyExists):
        terminate(harness, covered, "2026-07-31", key="the-same-key")
    assert len(told(harness)) == 1


def test_another_producers_coverage_cannot_be_ended(harness: EnrollmentHarness, covered: pb.Application) -> None:
    covered.record_number = "A-9999"
    with pytest.raises(NotFound):
        terminate(harness, covered, "2026-06-30")


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"reason": 0}, ["reason"]),
        ({"reason": 99}, ["reason"]),
        ({"asked_by": 0}, ["asked_by"]),
        ({"asked_by": 99}, ["asked_by"]),
        ({"coverages": []}, ["coverages"]),
        ({"coverages": [0]}, ["coverages[0]"]),
        ({"coverages": [1, 99]}, ["coverages[1]"]),
        ({"coverages": [1, 2, 1]}, ["coverages"]),
        ({"last_day": ""}, ["last_day"]),
        ({"last_day": "June 30"}, ["last_day"]),
        ({"last_day": "2026-06-31"}, ["last_day"]),
        ({"reason": 99, "asked_by": 99, "last_day": "soon"}, ["asked_by", "last_day", "reason"]),
    ],
)
def test_what_cannot_be_read_is_named_and_nothing_ends(
    harness: EnrollmentHarness, covered: pb.Application, changes: dict[str, Any], fields: list[str]
) -> None:
    with pytest.raises(InvalidInput) as refused:
        terminate(harness, covered, **{"last_day": "2026-06-30"} | changes)
    assert sorted(one.field for one in refused.value.problems) == fields
    assert not told(harness) and not harness.get(covered).terminations


@pytest.mark.parametrize(
    ("coverages", "ended", "last_day", "reason", "because"),
    [
        (MEDICAL_ALONE, "Medical", "2026-06-30", OTHER_COVERAGE, "6/30/2026. Asked for by the client: other coverage"),
        (
            BOTH,
            "Medical and dental",
            "2026-06-30",
            OTHER_COVERAGE,
            "6/30/2026. Asked for by the client: other coverage",
        ),
        (DENTAL_ALONE, "Dental", "2026-06-01", DECEASED, "6/1/2026. Asked for by the client: the applicant died"),
    ],
)
def test_the_timeline_tells_what_ends_when_and_why(
    harness: EnrollmentHarness,
    covered: pb.Application,
    coverages: Sequence[Any],
    ended: str,
    last_day: str,
    reason: Any,
    because: str,
) -> None:
    terminate(harness, covered, last_day, coverages, reason=reason)
    expected = f"{ended} coverage terminated. The last day is {because}."
    entries = [entry for entry in harness.work.audit if entry.action == "coverage.terminated"]
    assert [(entry.actor, entry.summary) for entry in entries] == [("producer@example.com", expected)]
