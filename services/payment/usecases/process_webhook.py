"""Use case: apply a stored webhook of the processor, once."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import Clock, Transactions
from services.payment.usecases.charge_outcome import apply_charge_outcome
from services.payment.usecases.ports import PaymentUnitOfWork


@dataclass(frozen=True, slots=True)
class ProcessWebhook:
    """A thousand repeats of one webhook make one payment; what a crash leaves undone, the sweep does."""

    transactions: Transactions[PaymentUnitOfWork]
    clock: Clock
    moments: Clock

    def __call__(self, webhook_id: str) -> None:
        with self.transactions() as work:
            report = work.webhooks.lock_unprocessed(webhook_id)
            if report is None:
                return
            apply_charge_outcome(work, report, self.clock.now())
            work.webhooks.mark_processed(webhook_id, self.moments.now())
