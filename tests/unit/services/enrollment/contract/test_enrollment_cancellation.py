"""Taking back a submitted application before its effective date."""

from dataclasses import replace
from typing import Any

import pytest
from suite.enrollment.v1 import application_pb2 as pb
from suite.enrollment.v1 import cancellation_pb2 as cancel_pb
from suite.enrollment.v1 import steps_pb2

from chassis.kernel import AlreadyExists, Conflict, InvalidInput, NotFound
from services.enrollment.domain.enums import PaymentStatus
from services.enrollment.domain.events import ApplicationCancelled, ApplicationSubmitted
from services.enrollment.events.outgoing import event_to_proto
from tests.unit.services.enrollment.harness import EnrollmentHarness
from tests.unit.services.enrollment.samples import PRODUCER

REASON, CLIENT = pb.CANCEL_REASON_OTHER_COVERAGE, pb.CANCEL_PARTY_CLIENT


def cancel(harness: EnrollmentHarness, app: pb.Application, *, key: str = "", **changes: Any) -> pb.Application:
    values = {"reason": REASON, "asked_by": CLIENT} | changes
    request = cancel_pb.CancelApplicationRequest(
        idempotency_key=key or harness.key(), record_number=app.record_number, **values
    )
    application: pb.Application = harness.call("CancelApplication", request).application
    return application


def told(harness: EnrollmentHarness) -> list[ApplicationCancelled]:
    return [event for event in harness.work.events if isinstance(event, ApplicationCancelled)]


def coming(harness: EnrollmentHarness) -> pb.Application:
    """Submitted on 20 May for 1 June."""
    app = harness.calculate(harness.complete(), "2026-06-01")
    submitted: pb.Application = harness.submit(app)
    return submitted


def test_a_submitted_application_is_cancelled_until_the_day_before_its_effective_date(
    harness: EnrollmentHarness,
) -> None:
    app = coming(harness)
    harness.clock.set_day("2026-05-31")
    assert not harness.get(app).cancellation_refusal
    done = cancel(harness, app)
    assert done.status == pb.APPLICATION_STATUS_CANCELLED
    expected = pb.Cancellation(cancelled_on="2026-05-31", reason=REASON, asked_by=CLIENT)
    assert done.cancellation == expected
    assert done.submitted_on == "2026-05-20"
    [event] = told(harness)
    message: Any = event_to_proto(event).message
    assert (message.effective_date, message.reason, message.asked_by) == ("2026-06-01", REASON, CLIENT)


def test_no_payment_is_due_once_the_application_is_cancelled(harness: EnrollmentHarness) -> None:
    app = coming(harness)
    request = cancel_pb.ConfirmPayableRequest(record_number=app.record_number)
    harness.call("ConfirmPayable", request)
    cancel(harness, app)
    with pytest.raises(Conflict, match="No payment is due") as refused:
        harness.call("ConfirmPayable", request)
    assert refused.value.code == "application_cancelled"
    stranger = replace(PRODUCER, writing_numbers=())
    with pytest.raises(NotFound):
        harness.call("ConfirmPayable", request, stranger)


def test_from_the_effective_date_on_it_is_too_late(harness: EnrollmentHarness) -> None:
    app = coming(harness)
    harness.clock.set_day("2026-06-01")
    with pytest.raises(Conflict) as refused:
        cancel(harness, app)
    assert refused.value.code == "coverage_has_begun"
    assert harness.get(app).cancellation_refusal == refused.value.message
    assert harness.get(app).status == pb.APPLICATION_STATUS_SUBMITTED
    assert not told(harness)


def test_retroactive_coverage_has_begun_when_it_is_submitted(harness: EnrollmentHarness) -> None:
    with pytest.raises(Conflict):
        cancel(harness, harness.submit(harness.complete()))


def test_a_draft_a_failed_and_a_cancelled_application_are_not_cancelled(harness: EnrollmentHarness) -> None:
    draft = harness.calculate(harness.complete(), "2026-06-01")
    with pytest.raises(Conflict):
        cancel(harness, draft)
    harness.quotes.surcharge = 5
    failed = harness.submit(draft)
    with pytest.raises(Conflict):
        cancel(harness, failed)
    done = harness.submit(failed)
    cancel(harness, done)
    with pytest.raises(Conflict) as refused:
        cancel(harness, done)
    assert refused.value.code == "application_cancelled"
    assert refused.value.message == harness.get(done).cancellation_refusal
    assert "already cancelled on 5/20/2026, at the client's request" in refused.value.message
    assert len(told(harness)) == 1


def test_the_same_key_cancels_once_and_serves_no_other_cancellation(harness: EnrollmentHarness) -> None:
    app = coming(harness)
    first = cancel(harness, app, key="the-same-key")
    assert cancel(harness, app, key="the-same-key") == first
    with pytest.raises(AlreadyExists):
        cancel(harness, app, key="the-same-key", asked_by=pb.CANCEL_PARTY_PRODUCER)
    assert len(told(harness)) == 1


def test_another_producers_application_cannot_be_cancelled(harness: EnrollmentHarness) -> None:
    app = coming(harness)
    app.record_number = "A-9999"
    with pytest.raises(NotFound):
        cancel(harness, app)


@pytest.mark.parametrize("field", ["reason", "asked_by"])
def test_a_reason_and_who_asked_have_to_be_known(harness: EnrollmentHarness, field: str) -> None:
    app = coming(harness)
    for value in (0, 99):
        with pytest.raises(InvalidInput) as refused:
            cancel(harness, app, **dict[str, Any]({field: value}))
        assert [problem.field for problem in refused.value.problems] == [field]
    assert not told(harness)


def test_a_cancelled_application_is_neither_edited_nor_submitted(harness: EnrollmentHarness) -> None:
    done = cancel(harness, coming(harness))
    with pytest.raises(Conflict):
        harness.save(done, signatures=steps_pb2.SignaturesStep())
    with pytest.raises(Conflict):
        harness.submit(done)
    assert harness.missing(done) == []
    assert sum(isinstance(event, ApplicationSubmitted) for event in harness.work.events) == 1


@pytest.mark.parametrize(
    ("heard", "shown"),
    [
        (["cancelled"], "cancelled"),
        (["cancelled", "failed", "bill_later"], "cancelled"),
        (["successful", "cancelled"], "refund_due"),
        (["successful", "refund_due"], "refund_due"),
        (["refund_due", "successful"], "refund_due"),
        (["cancelled", "refund_due"], "refund_due"),
    ],
)
def test_the_payment_ends_as_payment_tells_in_whatever_order(
    harness: EnrollmentHarness, heard: list[str], shown: str
) -> None:
    done = cancel(harness, coming(harness))
    for place, status in enumerate(heard):
        harness.on_payment_changed("queue", f"m-{place}", done.record_number, PaymentStatus(status))
    assert harness.get(done).payment_status == shown
    assert harness.get(done).status == pb.APPLICATION_STATUS_CANCELLED


def test_the_timeline_tells_who_asked_and_why(harness: EnrollmentHarness) -> None:
    done = cancel(harness, coming(harness))
    entry = next(e for e in harness.work.audit if e.subject == done.record_number and "cancelled" in e.action)
    assert entry.actor == "producer@example.com"
    assert entry.summary == "Application cancelled at the client's request: other coverage."
