"""Use case: cancel on the payment page; the application stands and the applicant is billed later (R92)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from chassis.kernel import Clock, Transactions
from services.payment.domain.attempt import AttemptStatus
from services.payment.usecases.page_visits import PageVisit
from services.payment.usecases.persistence import lock_payment, save_transition
from services.payment.usecases.ports import PaymentUnitOfWork


@dataclass(frozen=True, slots=True)
class CancelPayment:
    """Ends the page's session; Conflict when the payment was sent or made already. Who began at another's page and
    cancels here has left that one; an outcome that still comes from there counts."""

    transactions: Transactions[PaymentUnitOfWork]
    clock: Clock

    def __call__(self, visit: PageVisit) -> None:
        with self.transactions() as work:
            before = lock_payment(work, visit.payment.record_number)
            sent, now = work.attempts.find_attempt(before.attempt_id), self.clock.now()
            if sent is not None and before.is_handed_over_by(sent):
                work.attempts.save_attempt(replace(sent, status=AttemptStatus.EXPIRED))
                after = before.unanswered(sent, now)
            else:
                after = before.billed_later(now)
            save_transition(work, before, after, "payer", "payment.cancelled")
            work.page_sessions.end_session(visit.session.digest)
