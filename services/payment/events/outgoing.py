"""Events of payment that go out, and their names on the wire."""

from __future__ import annotations

from suite.payment.v1 import payment_events_pb2 as wire

from chassis.contract_options import event_type
from chassis.db import OutgoingEvent
from chassis.mapping import ToProto
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

SUCCEEDED = event_type(wire.PaymentSucceeded)
FAILED = event_type(wire.PaymentFailed)
BILL_LATER = event_type(wire.PaymentBillLater)
CANCELLED = event_type(wire.PaymentCancelled)
REFUND_DUE = event_type(wire.PaymentRefundDue)
OVERDUE = event_type(wire.FirstPaymentOverdue)
AUTOPAY_AUTHORIZED = event_type(wire.AutopayAuthorized)
AUTOPAY_CANCELLED = event_type(wire.AutopayCancelled)


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
