"""An application whose rules this release does not have, as after a roll-back: told so, and nothing is lost."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from suite.enrollment.v1 import enrollment_service_pb2 as service
from suite.enrollment.v1 import steps_pb2 as pb

from chassis.error_mapping import mapping_of
from chassis.kernel import FixedClock, Unavailable
from services.enrollment.domain.enums import PaymentStatus, Status
from services.enrollment.domain.events import SubmissionRequested
from tests.unit.services.enrollment.harness import EnrollmentHarness


def rolled_back(harness: EnrollmentHarness, app: Any) -> None:
    stored = harness.state.applications
    stored[app.record_number] = replace(stored[app.record_number], rule_pack="2099.1")


ACTS: dict[str, Callable[[Any, Any], Any]] = {
    "read": lambda harness, app: harness.get(app),
    "readiness": lambda harness, app: harness.missing(app),
    "dates": lambda harness, app: harness.call(
        "ListEffectiveDates", service.ListEffectiveDatesRequest(record_number=app.record_number)
    ),
    "date": lambda harness, app: harness.calculate(app),
    "save": lambda harness, app: harness.save(app, signatures=pb.SignaturesStep()),
    "submit": lambda harness, app: harness.submit(app),
}


@pytest.mark.parametrize("act", ACTS)
def test_reads_and_saves_are_refused_with_what_to_do(harness: EnrollmentHarness, act: str) -> None:
    app = harness.complete()
    rolled_back(harness, app)
    before = dict(harness.state.applications)
    with pytest.raises(Unavailable, match=r"Please try again later. Call 800-555-0100.") as refused:
        ACTS[act](harness, app)
    assert (refused.value.code, mapping_of(refused.value).http) == ("rules_not_loaded", 503)
    assert harness.state.applications == before


def test_the_timeline_is_there(harness: EnrollmentHarness) -> None:
    app = harness.complete()
    rolled_back(harness, app)
    assert harness.call("GetTimeline", service.GetTimelineRequest(record_number=app.record_number)).entries


def test_an_event_waits_until_the_rule_pack_is_loaded(harness: EnrollmentHarness) -> None:
    app = harness.submit(harness.complete())
    rolled_back(harness, app)
    with pytest.raises(Unavailable):
        harness.on_payment_changed("queue", "message-1", app.record_number, PaymentStatus.SUCCESSFUL)
    assert ("queue", "message-1") not in harness.work.inbox


def test_a_submission_that_waits_for_its_rules_holds_up_no_other(harness: EnrollmentHarness) -> None:
    harness.worker_runs = False
    old, new = harness.submit(harness.complete()), harness.submit(harness.complete())
    rolled_back(harness, old)
    later = replace(harness.service, clock=FixedClock(harness.service.now() + timedelta(minutes=2)))
    replace(harness.retry_stuck_submissions, service=later)()
    asked = [one.record_number for one in harness.work.events if isinstance(one, SubmissionRequested)]
    assert asked.count(new.record_number) == 2
    assert asked.count(old.record_number) == 1
    assert harness.state.applications[old.record_number].status is Status.SUBMITTING
