"""Domain: the binder payment as payment tells it, and what it means for an application (R93, R94, R111)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.enrollment.domain.enums import PaymentStatus, Status


@dataclass(frozen=True, slots=True)
class PaymentDetails:
    """``failure_reason`` only of a declined one; ``autopay_method`` empty without autopay. ``transaction_id``: what the
    carrier knows the payment by, empty where it knows of none.
    """

    status: PaymentStatus
    confirmation_number: str
    method: str
    failure_reason: str
    autopay_method: str
    updated_at: datetime
    transaction_id: str = ""


def status_under(status: Status, told: PaymentStatus | None) -> PaymentStatus | None:
    """What payment told, as it is once an application is cancelled: payment hears of that a moment later.

    Money that is on its way is waited for.
    """
    if status is not Status.CANCELLED or told in (None, PaymentStatus.PENDING, PaymentStatus.REFUND_DUE):
        return told
    return PaymentStatus.REFUND_DUE if told is PaymentStatus.SUCCESSFUL else PaymentStatus.CANCELLED
