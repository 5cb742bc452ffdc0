"""Use case: cancel on the payment page; the application stands and the applicant is billed later (R92)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import Clock, Transactions
from services.payment.usecases.page_visits import PageVisit
from services.payment.usecases.persistence import lock_payment, save_transition
from services.payment.usecases.ports import PaymentUnitOfWork


@dataclass(frozen=True, slots=True)
class CancelPayment:
    """Ends the page's session; Conflict when the payment was sent or made already."""

    transactions: Transactions[PaymentUnitOfWork]
    clock: Clock

    def __call__(self, visit: PageVisit) -> None:
        with self.transactions() as work:
            before = lock_payment(work, visit.payment.record_number)
            save_transition(work, before, before.billed_later(self.clock.now()), "payer", "payment.cancelled")
            work.page_sessions.end_session(visit.session.digest)
