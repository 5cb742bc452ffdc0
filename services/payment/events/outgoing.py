"""Events of payment that go out, and their names on the wire."""

from __future__ import annotations

from collections.abc import Mapping

from suite.common.v1 import common_pb2
from suite.payment.v1 import payment_events_pb2 as wire

from chassis.db import OutgoingEvent
from chassis.service import PublishedEvent
from services.payment.domain.events import (
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

# Enrollment keeps the payment status of its applications by these.
PUBLISHES: Mapping[str, PublishedEvent] = {
    SUCCEEDED: PublishedEvent(wire.PaymentSucceeded, must_be_heard=True),
    FAILED: PublishedEvent(wire.PaymentFailed, must_be_heard=True),
    BILL_LATER: PublishedEvent(wire.PaymentBillLater, must_be_heard=True),
    CANCELLED: PublishedEvent(wire.PaymentCancelled, must_be_heard=True),
    REFUND_DUE: PublishedEvent(wire.PaymentRefundDue, must_be_heard=True),
}


def translate(event: object) -> OutgoingEvent:
    """A domain event as it goes out; its subject is the record number, so that the order of one payment is kept."""
    match event:
        case PaymentSucceeded(record, number, amount, confirmation):
            money = common_pb2.Money(cents=amount.cents)
            paid = wire.PaymentSucceeded(
                record_number=record, writing_number=number, amount=money, confirmation_number=confirmation
            )
            return OutgoingEvent(SUCCEEDED, record, paid)
        case PaymentFailed(record, number, reason):
            failed = wire.PaymentFailed(record_number=record, writing_number=number, reason=reason)
            return OutgoingEvent(FAILED, record, failed)
        case PaymentBillLater(record, number):
            return OutgoingEvent(BILL_LATER, record, wire.PaymentBillLater(record_number=record, writing_number=number))
        case PaymentCancelled(record, number):
            return OutgoingEvent(CANCELLED, record, wire.PaymentCancelled(record_number=record, writing_number=number))
        case PaymentRefundDue(record, number, amount, confirmation):
            due = wire.PaymentRefundDue(
                record_number=record,
                writing_number=number,
                amount=common_pb2.Money(cents=amount.cents),
                confirmation_number=confirmation,
            )
            return OutgoingEvent(REFUND_DUE, record, due)
    raise TypeError(f"{type(event).__name__} has no name on the wire")
