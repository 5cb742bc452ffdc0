"""Each conflict that the contract lists is really raised; conftest fails any that it does not list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from suite.enrollment.v1 import application_pb2 as pb
from suite.enrollment.v1 import clients_pb2

from chassis.kernel import Conflict
from services.enrollment.domain.enums import Status
from tests.unit.services.enrollment.harness import EnrollmentHarness
from tests.unit.services.enrollment.samples import general, household, quote

Act = Callable[[EnrollmentHarness, pb.Application], Any]


def save_step(harness: EnrollmentHarness, app: pb.Application) -> Any:
    return harness.save(app, general=general(("birth", "2026-05-10")))


def set_effective_date(harness: EnrollmentHarness, app: pb.Application) -> Any:
    return harness.calculate(app)


def submit(harness: EnrollmentHarness, app: pb.Application) -> Any:
    return harness.submit(app)


def explain_duplicates(harness: EnrollmentHarness, app: pb.Application) -> Any:
    request = clients_pb2.ExplainDuplicatesRequest(
        record_number=app.record_number,
        version=app.version,
        reason=clients_pb2.NEW_APPLICATION_REASON_CLIENT_ASKED,
    )
    return harness.call("ExplainDuplicates", request)


@pytest.mark.parametrize("act", [save_step, set_effective_date, submit, explain_duplicates])
@pytest.mark.parametrize(
    ("status", "code"),
    [
        (Status.SUBMITTING, "submission_running"),
        (Status.SUBMITTED, "already_submitted"),
        (Status.CANCELLED, "application_cancelled"),
        (Status.EXPIRED, "application_expired"),
    ],
)
def test_application_that_is_closed_refuses_each_change_with_its_code(
    harness: EnrollmentHarness, act: Act, status: Status, code: str
) -> None:
    app = harness.complete()
    stored = harness.state.applications[app.record_number]
    harness.state.applications[app.record_number] = replace(stored, status=status)
    with pytest.raises(Conflict) as refused:
        act(harness, app)
    assert refused.value.code == code


def enroll(harness: EnrollmentHarness, _app: pb.Application) -> Any:
    harness.quotes.saved = quote()
    return harness.enroll()


def save_household(harness: EnrollmentHarness, app: pb.Application) -> Any:
    return harness.save(app, household=household())


@pytest.mark.parametrize("act", [enroll, save_household, set_effective_date])
def test_rate_that_the_carrier_did_not_file_refuses_what_has_to_be_priced(harness: EnrollmentHarness, act: Act) -> None:
    app = harness.complete()
    stored = harness.state.applications[app.record_number]
    harness.state.applications[app.record_number] = replace(stored, plan_lines=())
    harness.quotes.failure = Conflict("No rate is filed.", code="rate_not_filed")
    with pytest.raises(Conflict) as refused:
        act(harness, app)
    assert refused.value.code == "rate_not_filed"
