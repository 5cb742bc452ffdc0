"""Use case: later premiums are not taken from the bank account any more (R90)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import Caller, Clock, Conflict, Transactions
from services.payment.domain.events import AutopayCancelled
from services.payment.domain.payment import Payment
from services.payment.usecases.get_payment import GetPayment, PaymentView
from services.payment.usecases.persistence import lock_payment
from services.payment.usecases.ports import PaymentUnitOfWork


@dataclass(frozen=True, slots=True)
class CancelAutopay:
    """For callers of the payment's writing number. Conflict without autopay, and when it is cancelled already."""

    transactions: Transactions[PaymentUnitOfWork]
    clock: Clock

    def __call__(self, caller: Caller, record_number: str) -> PaymentView:
        GetPayment(self.transactions)(caller, record_number)  # NotFound for everybody else
        with self.transactions() as work:
            payment = lock_payment(work, record_number)
            if work.payments.find_mandate(record_number) is None:
                raise Conflict("Autopay is not set up for this application.", code="no_autopay")
            end_autopay(work, self.clock, payment, caller.subject)
            return PaymentView(payment, work.payments.find_mandate(record_number))


def end_autopay(work: PaymentUnitOfWork, clock: Clock, payment: Payment, by: str) -> None:
    """Inside somebody's transaction that holds the payment, whose agreement to autopay must be there."""
    now, record_number = clock.now(), payment.record_number
    mandate = work.payments.find_mandate(record_number)
    if mandate is None:
        return
    work.payments.save_mandate(mandate.cancelled(now, by))
    work.publish_event(AutopayCancelled(record_number, payment.terms.writing_number))
    work.record_audit(now, by, record_number, "autopay.cancelled", f"account ending {mandate.bank.last_four}")
