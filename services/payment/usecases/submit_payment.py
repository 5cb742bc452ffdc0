"""Use case: Submit Payment and Proceed (R91)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import Clock, Conflict, Transactions, Unavailable
from services.payment.domain.attempt import Attempt, AttemptStatus
from services.payment.usecases.changing import locked, save
from services.payment.usecases.page_session import Visit
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

    def __call__(self, visit: Visit) -> None:
        with self.transactions() as work:
            attempt = self._send(work, visit)
        if attempt is None:
            return
        try:
            self.processor.charge(attempt)
        except Unavailable:
            return  # perhaps it arrived, perhaps not: the sweep asks, and sends it again under the same id

    def _send(self, work: PaymentUnitOfWork, visit: Visit) -> Attempt | None:
        before = locked(work, visit.payment.record_number)
        attempt = work.attempts.get(visit.session.attempt_id)
        if attempt is None:
            raise Conflict("Please enter the payment details first.", code="nothing_to_submit")
        if attempt.status is not AttemptStatus.DRAFT:
            return None
        after = before.sent(attempt, self.clock.now())
        sent = attempt.sent(self.moments.now())
        work.attempts.save(sent)
        save(work, before, after, "payer", "payment.sent")
        return sent
