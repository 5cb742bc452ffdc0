"""Use case: the application was cancelled; nothing is to be paid any more, and what was paid goes back."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import Clock, Transactions
from services.payment.usecases.cancel_autopay import end_autopay
from services.payment.usecases.persistence import save_transition
from services.payment.usecases.ports import PaymentUnitOfWork


@dataclass(frozen=True, slots=True)
class ClosePayment:
    """Ends autopay too. An application without a payment has nothing to close."""

    transactions: Transactions[PaymentUnitOfWork]
    clock: Clock

    def __call__(self, queue: str, message_id: str, record_number: str) -> None:
        with self.transactions() as work:
            if not work.accept_message(queue, message_id):
                return
            before = work.payments.lock_payment(record_number)
            if before is None:
                return
            mandate = work.payments.find_mandate(record_number)
            if mandate is not None and mandate.cancelled_at is None:
                end_autopay(work, self.clock, before, "enrollment")
            save_transition(
                work, before, before.closed_with_application(self.clock.now()), "enrollment", "payment.closed"
            )
