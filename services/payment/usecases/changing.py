"""Saving a changed payment together with what must go out because of it; shared by the use cases."""

from __future__ import annotations

from chassis.kernel import NotFound
from services.payment.domain.changes import news
from services.payment.domain.payment import Payment
from services.payment.usecases.ports import PaymentUnitOfWork


def save(work: PaymentUnitOfWork, before: Payment, after: Payment, actor: str, action: str) -> None:
    """Write the payment, its event if its status changed, and an audit row; nothing when nothing changed."""
    if after == before:
        return
    work.payments.save(after)
    if event := news(before, after):
        work.publish_event(event)
    work.record_audit(after.updated_at, actor, after.record_number, action, f"{before.status} to {after.status}")


def locked(work: PaymentUnitOfWork, record_number: str) -> Payment:
    payment = work.payments.lock(record_number)
    if payment is None:
        raise unknown()
    return payment


def unknown() -> NotFound:
    """The same for a payment that is not there and one that the caller may not see."""
    return NotFound("There is no payment of this application. It is opened when the application is submitted.")
