"""Saving a changed payment together with what must go out because of it; shared by the use cases."""

from __future__ import annotations

from chassis.kernel import NotFound
from services.payment.domain.events import event_for_transition
from services.payment.domain.payment import Payment
from services.payment.usecases.ports import PaymentUnitOfWork


def save_transition(work: PaymentUnitOfWork, before: Payment, after: Payment, actor: str, action: str) -> None:
    """Write the payment, its event if its status changed, and an audit row; nothing when nothing changed."""
    if after == before:
        return
    work.payments.save_payment(after)
    if event := event_for_transition(before, after):
        work.publish_event(event)
    work.record_audit(after.updated_at, actor, after.record_number, action, f"{before.status} to {after.status}")


def lock_payment(work: PaymentUnitOfWork, record_number: str) -> Payment:
    payment = work.payments.lock_payment(record_number)
    if payment is None:
        raise payment_not_found()
    return payment


def payment_not_found() -> NotFound:
    """The same for a payment that is not there and one that the caller may not see."""
    return NotFound("This application has no payment. A payment is created when the application is submitted.")
