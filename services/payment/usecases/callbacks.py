"""Use case: a signed callback of the processor: stored first, processed after, each once."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import Clock, Transactions
from services.payment.usecases.ports import ChargeReport, PaymentUnitOfWork
from services.payment.usecases.settle import settle


@dataclass(frozen=True, slots=True)
class ReceiveCallback:
    """The caller has verified the signature. A thousand repeats of one callback make one payment."""

    transactions: Transactions[PaymentUnitOfWork]
    clock: Clock
    moments: Clock

    def store(self, callback_id: str, report: ChargeReport) -> bool:
        """Keep the callback, so that it may be acknowledged; False for a repeat."""
        with self.transactions() as work:
            return work.callbacks.store(callback_id, report, self.moments.now())

    def process(self, callback_id: str) -> None:
        """Apply a stored callback, once; what a crash leaves undone, the sweep does."""
        with self.transactions() as work:
            report = work.callbacks.take(callback_id)
            if report is None:
                return
            settle(work, report, self.clock.now())
            work.callbacks.done(callback_id, self.moments.now())
