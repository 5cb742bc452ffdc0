"""Use case: open the payment of an application while enrollment submits it (R84)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import Clock, Transactions
from services.payment.domain.changes import news
from services.payment.domain.payment import Payment, Terms
from services.payment.usecases.changing import locked, save
from services.payment.usecases.ports import PaymentUnitOfWork


@dataclass(frozen=True, slots=True)
class OpenPayment:
    """Idempotent by record number: a repeat gives the payment as it is by then.

    A later submission of the same application may bring other terms; they hold unless money is on its way or paid.
    Pay Later tells the suite at once that a bill goes out.
    """

    transactions: Transactions[PaymentUnitOfWork]
    clock: Clock

    def __call__(self, record_number: str, terms: Terms, caller: str) -> Payment:
        now = self.clock.now()
        with self.transactions() as work:
            payment = Payment.open(record_number, terms, now)
            if work.payments.add(payment):
                if event := news(None, payment):
                    work.publish_event(event)
                work.record_audit(now, caller, record_number, "payment.opened", f"as {payment.status}")
                return payment
            before = locked(work, record_number)
            after = before.reopened(terms, now)
            save(work, before, after, caller, "payment.reopened")
            return after
