"""Use case: open the payment of an application while enrollment submits it (R84)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import Caller, Clock, Transactions
from services.payment.domain.events import event_for_transition
from services.payment.domain.payment import Payment, PaymentTerms
from services.payment.usecases.persistence import lock_payment, save_transition
from services.payment.usecases.ports import PaymentUnitOfWork


@dataclass(frozen=True, slots=True)
class OpenPayment:
    """Idempotent by record number: a repeat gives the payment as it is by then.

    A later submission of the same application may bring other terms; they hold unless money is on its way or paid.
    Pay Later tells the suite at once that a bill goes out.
    """

    transactions: Transactions[PaymentUnitOfWork]
    clock: Clock

    def __call__(self, caller: Caller, record_number: str, terms: PaymentTerms) -> Payment:
        now = self.clock.now()
        with self.transactions() as work:
            payment = Payment.open(record_number, terms, now)
            if work.payments.add_payment(payment):
                if event := event_for_transition(None, payment):
                    work.publish_event(event)
                work.record_audit(now, caller.subject, record_number, "payment.opened", f"as {payment.status}")
                return payment
            before = lock_payment(work, record_number)
            after = before.reopened(terms, now)
            save_transition(work, before, after, caller.subject, "payment.reopened")
            return after
