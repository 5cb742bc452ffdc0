"""Use case: Submit Payment and Proceed (R91)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import Clock, Conflict, Transactions, Unavailable
from services.payment.domain.attempt import Attempt, AttemptStatus
from services.payment.usecases.page_visits import PageVisit
from services.payment.usecases.persistence import lock_payment, save_transition
from services.payment.usecases.ports import PaymentUnitOfWork, Processor


@dataclass(frozen=True, slots=True)
class SubmitPayment:
    """Marks the payment as sent, then asks the processor, in this order: a crash between leaves a payment that the
    sweep finds, never money taken that nobody knows of. Safe to repeat (double click, reload).
    """

    transactions: Transactions[PaymentUnitOfWork]
    processor: Processor
    clock: Clock
    moments: Clock

    def __call__(self, visit: PageVisit) -> None:
        with self.transactions() as work:
            attempt = self._send(work, visit)
        if attempt is None:
            return
        try:
            self.processor.charge(attempt)
        except Unavailable:
            return  # perhaps it arrived, perhaps not: the sweep asks, and sends it again under the same id

    def _send(self, work: PaymentUnitOfWork, visit: PageVisit) -> Attempt | None:
        before = lock_payment(work, visit.payment.record_number)
        attempt = work.attempts.find_attempt(visit.session.attempt_id)
        if attempt is None:
            raise Conflict("Enter the payment details first.", code="nothing_to_submit")
        if attempt.status is not AttemptStatus.DRAFT:
            return None
        after = before.sent(attempt, self.clock.now())
        sent = attempt.sent(self.moments.now())
        work.attempts.save_attempt(sent)
        save_transition(work, before, after, "payer", "payment.sent")
        return sent
