"""What a read of an application tells of its payment: the truth of this moment (R93, R94, R111)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from suite.enrollment.v1 import application_pb2 as pb
from suite.enrollment.v1 import cancellation_pb2, enrollment_service_pb2

from services.enrollment.domain.enums import PaymentStatus
from services.enrollment.domain.payment_details import PaymentDetails
from tests.unit.services.enrollment.harness import EnrollmentHarness

AT = datetime(2026, 5, 20, 18, tzinfo=UTC)
PENDING = PaymentDetails(PaymentStatus.PENDING, "C-1", "card ending 4242", "", "bank account ending 6789", AT)


def coming(harness: EnrollmentHarness) -> pb.Application:
    app: pb.Application = harness.submit(harness.calculate(harness.complete(), "2026-06-01"))
    return app


def cancel(harness: EnrollmentHarness, app: pb.Application) -> pb.Application:
    request = cancellation_pb2.CancelApplicationRequest(
        idempotency_key=harness.key(),
        record_number=app.record_number,
        reason=pb.CANCEL_REASON_CHANGED_MIND,
        asked_by=pb.CANCEL_PARTY_CLIENT,
    )
    cancelled: pb.Application = harness.call("CancelApplication", request).application
    return cancelled


@pytest.mark.parametrize("status", [one for one in PaymentStatus if one is not PaymentStatus.CANCELLED])
def test_a_read_tells_what_payment_tells_before_its_event_comes(
    harness: EnrollmentHarness, status: PaymentStatus
) -> None:
    app = coming(harness)
    assert (app.payment_status, app.HasField("payment")) == ("not_started", False)
    harness.payments.told = replace(PENDING, status=status, failure_reason="Try another card.")
    read = harness.get(app)
    assert (read.payment_status, read.payment.status) == (status, status)
    assert (read.payment.failure_reason, read.payment.autopay_method) == (
        "Try another card.",
        "bank account ending 6789",
    )
    assert read.version == app.version


def test_a_draft_is_read_without_asking_and_payment_away_gives_what_was_told_last(harness: EnrollmentHarness) -> None:
    harness.payments.told = PENDING
    assert harness.get(harness.start()).payment_status == ""
    app = coming(harness)
    harness.payments.told = None
    harness.on_payment_changed("enrollment.payments", "message-1", app.record_number, PaymentStatus.FAILED)
    assert harness.get(app).payment_status == "failed"


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (PaymentStatus.SUCCESSFUL, "refund_due"),
        (PaymentStatus.NOT_STARTED, "cancelled"),
        (PaymentStatus.FAILED, "cancelled"),
        (PaymentStatus.BILL_LATER, "cancelled"),
        (PaymentStatus.PENDING, "pending"),
        (PaymentStatus.REFUND_DUE, "refund_due"),
    ],
)
def test_a_cancellation_tells_at_once_what_becomes_of_the_money(
    harness: EnrollmentHarness, told: PaymentStatus, expected: str
) -> None:
    app = coming(harness)
    harness.payments.told = replace(PENDING, status=told)
    assert cancel(harness, app).payment_status == expected
    assert harness.get(app).payment_status == expected


def test_the_stored_status_is_right_at_once_for_the_lists_too(harness: EnrollmentHarness) -> None:
    app = coming(harness)
    harness.on_payment_changed("enrollment.payments", "message-1", app.record_number, PaymentStatus.SUCCESSFUL)
    assert cancel(harness, app).payment_status == "refund_due"
    other = coming(harness)
    assert cancel(harness, other).payment_status == "cancelled"
    harness.on_payment_changed("enrollment.payments", "message-2", other.record_number, PaymentStatus.SUCCESSFUL)
    assert harness.get(other).payment_status == "refund_due"


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        (PaymentStatus.SUCCESSFUL, "The first payment is due back to the payer."),
        (PaymentStatus.FAILED, "The first payment was cancelled with the application. Nothing is due."),
    ],
)
def test_the_timeline_of_a_cancelled_application_tells_what_became_of_the_payment(
    harness: EnrollmentHarness, told: PaymentStatus, sentence: str
) -> None:
    app = coming(harness)
    harness.on_payment_changed("enrollment.payments", "message-1", app.record_number, PaymentStatus.PENDING)
    cancel(harness, app)
    harness.on_payment_changed("enrollment.payments", "message-2", app.record_number, told)
    asked = enrollment_service_pb2.GetTimelineRequest(record_number=app.record_number)
    assert harness.call("GetTimeline", asked).entries[-1].summary == sentence
