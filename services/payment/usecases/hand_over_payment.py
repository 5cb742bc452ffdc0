"""Use case: hand the payer over to another's payment page."""

from __future__ import annotations

from dataclasses import dataclass, replace

from chassis.kernel import Clock, Transactions, new_id
from services.payment.domain.attempt import Attempt, AttemptStatus, MethodKind, Payer, PaymentMethod
from services.payment.domain.payment import Payment
from services.payment.usecases.confirmation_numbers import create_confirmation_number
from services.payment.usecases.page_visits import PageVisit
from services.payment.usecases.persistence import lock_payment, save_transition
from services.payment.usecases.ports import PaymentUnitOfWork

# The other page may still take money by these: handed over again, they keep their reference, which is charged once.
_OPEN = (AttemptStatus.SENT, AttemptStatus.EXPIRED)


@dataclass(frozen=True, slots=True)
class HandOverPayment:
    """Marks the payment as pending before the payer leaves. Safe to repeat: two clicks, or tabs, make one attempt, and
    so does a payer who closed the other page and begins again.

    Nothing but its outcome comes back from the other page, so what the payer types there is never seen here.
    """

    transactions: Transactions[PaymentUnitOfWork]
    clock: Clock
    moments: Clock

    def __call__(self, visit: PageVisit, payer: Payer, kind: MethodKind) -> None:
        with self.transactions() as work:
            before = lock_payment(work, visit.payment.record_number)
            earlier = work.attempts.find_handoff(before.record_number, kind)
            attempt = self._attempt(work, before, earlier, payer, kind)
            again = before.is_handed_over_by(earlier)
            after = (before.resumed if again else before.sent)(attempt, self.clock.now())
            work.attempts.save_attempt(attempt.sent(self.moments.now()))
            work.page_sessions.set_attempt(visit.session.digest, attempt.id)
            save_transition(work, before, after, "payer", "payment.handed_over")

    def _attempt(
        self, work: PaymentUnitOfWork, payment: Payment, earlier: Attempt | None, payer: Payer, kind: MethodKind
    ) -> Attempt:
        amount = payment.terms.amount
        if earlier is not None and earlier.status in _OPEN and earlier.amount == amount:
            return replace(earlier, payer=payer)
        number, now = create_confirmation_number(), self.clock.now()
        made = Attempt(new_id(), payment.record_number, amount, PaymentMethod(kind), number, now, payer=payer)
        work.attempts.add_attempt(made)
        return made
