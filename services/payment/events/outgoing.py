"""Events of payment that go out, and their names on the wire."""

from __future__ import annotations

from collections.abc import Mapping

from suite.payment.v1 import payment_events_pb2 as wire

from chassis.db import OutgoingEvent
from chassis.mapping import ToProto
from chassis.service import PublishedEvent
from services.payment.domain.events import (
    AutopayAuthorized,
    AutopayCancelled,
    FirstPaymentOverdue,
    PaymentBillLater,
    PaymentCancelled,
    PaymentFailed,
    PaymentRefundDue,
    PaymentSucceeded,
)

SUCCEEDED = "payment.payment.succeeded.v1"
FAILED = "payment.payment.failed.v1"
BILL_LATER = "payment.payment.bill_later.v1"
CANCELLED = "payment.payment.cancelled.v1"
REFUND_DUE = "payment.payment.refund_due.v1"
OVERDUE = "payment.first_payment.overdue.v1"
AUTOPAY_AUTHORIZED = "payment.autopay.authorized.v1"
AUTOPAY_CANCELLED = "payment.autopay.cancelled.v1"

# Enrollment keeps the payment status of its applications by these.
PUBLISHES: Mapping[str, PublishedEvent] = {
    SUCCEEDED: PublishedEvent(wire.PaymentSucceeded, needs_subscriber=True),
    FAILED: PublishedEvent(wire.PaymentFailed, needs_subscriber=True),
    BILL_LATER: PublishedEvent(wire.PaymentBillLater, needs_subscriber=True),
    CANCELLED: PublishedEvent(wire.PaymentCancelled, needs_subscriber=True),
    REFUND_DUE: PublishedEvent(wire.PaymentRefundDue, needs_subscriber=True),
    OVERDUE: PublishedEvent(wire.FirstPaymentOverdue, needs_subscriber=True),  # the gateway tells the producer
    AUTOPAY_AUTHORIZED: PublishedEvent(wire.AutopayAuthorized, needs_subscriber=True),
    AUTOPAY_CANCELLED: PublishedEvent(wire.AutopayCancelled, needs_subscriber=True),
}

_succeeded = ToProto(PaymentSucceeded, wire.PaymentSucceeded)
_failed = ToProto(PaymentFailed, wire.PaymentFailed)
_bill_later = ToProto(PaymentBillLater, wire.PaymentBillLater)
_cancelled = ToProto(PaymentCancelled, wire.PaymentCancelled)
_refund_due = ToProto(PaymentRefundDue, wire.PaymentRefundDue)
_overdue = ToProto(FirstPaymentOverdue, wire.FirstPaymentOverdue)
_authorized = ToProto(AutopayAuthorized, wire.AutopayAuthorized)
_autopay_cancelled = ToProto(AutopayCancelled, wire.AutopayCancelled)


def event_to_proto(event: object) -> OutgoingEvent:
    """A domain event as it goes out; its subject is the record number, so that the order of one payment is kept."""
    match event:
        case PaymentSucceeded():
            return OutgoingEvent(SUCCEEDED, event.record_number, _succeeded(event))
        case PaymentFailed():
            return OutgoingEvent(FAILED, event.record_number, _failed(event))
        case PaymentBillLater():
            return OutgoingEvent(BILL_LATER, event.record_number, _bill_later(event))
        case PaymentCancelled():
            return OutgoingEvent(CANCELLED, event.record_number, _cancelled(event))
        case PaymentRefundDue():
            return OutgoingEvent(REFUND_DUE, event.record_number, _refund_due(event))
        case FirstPaymentOverdue():
            return OutgoingEvent(OVERDUE, event.record_number, _overdue(event))
        case AutopayAuthorized():
            return OutgoingEvent(AUTOPAY_AUTHORIZED, event.record_number, _authorized(event))
        case AutopayCancelled():
            return OutgoingEvent(AUTOPAY_CANCELLED, event.record_number, _autopay_cancelled(event))
    raise TypeError(f"{type(event).__name__} has no name on the wire")
