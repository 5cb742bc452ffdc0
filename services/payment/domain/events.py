"""Domain: what the rest of the suite receives when a payment changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from chassis.kernel import Money
from services.payment.domain.payment import Payment, PaymentStatus


@dataclass(frozen=True, slots=True)
class PaymentSucceeded:
    record_number: str
    writing_number: str
    amount: Money
    confirmation_number: str


@dataclass(frozen=True, slots=True)
class PaymentFailed:
    """Declined; another try is open."""

    record_number: str
    writing_number: str
    reason: str


@dataclass(frozen=True, slots=True)
class PaymentBillLater:
    record_number: str
    writing_number: str


@dataclass(frozen=True, slots=True)
class PaymentCancelled:
    record_number: str
    writing_number: str


@dataclass(frozen=True, slots=True)
class PaymentRefundDue:
    record_number: str
    writing_number: str
    amount: Money
    confirmation_number: str


@dataclass(frozen=True, slots=True)
class FirstPaymentOverdue:
    """Its day is over; a late payer may still pay."""

    record_number: str
    writing_number: str
    amount: Money
    due_on: date


@dataclass(frozen=True, slots=True)
class AutopayAuthorized:
    """The payer agreed that later premiums are taken from a bank account; ``starts_on`` as the mandate has it."""

    record_number: str
    writing_number: str
    starts_on: date | None


@dataclass(frozen=True, slots=True)
class AutopayCancelled:
    record_number: str
    writing_number: str


PaymentEvent = PaymentSucceeded | PaymentFailed | PaymentBillLater | PaymentCancelled | PaymentRefundDue


def event_for_transition(before: Payment | None, after: Payment) -> PaymentEvent | None:
    """The event of a change of status; None when there is nothing that others need to know."""
    if before is not None and before.status is after.status:
        return None
    record, number = after.record_number, after.terms.writing_number
    match after.status:
        case PaymentStatus.SUCCESSFUL:
            return PaymentSucceeded(record, number, after.terms.amount, after.confirmation_number)
        case PaymentStatus.FAILED:
            return PaymentFailed(record, number, after.failure_reason)
        case PaymentStatus.BILL_LATER:
            return PaymentBillLater(record, number)
        case PaymentStatus.CANCELLED:
            return PaymentCancelled(record, number)
        case PaymentStatus.REFUND_DUE:
            return PaymentRefundDue(record, number, after.terms.amount, after.confirmation_number)
    return None
