"""Use case: heal what a lost callback, a lost charge or a crash left open; run by the worker's timer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from chassis.kernel import Clock, Transactions
from services.payment.domain.attempt import Attempt
from services.payment.usecases.callbacks import ReceiveCallback
from services.payment.usecases.ports import Answer, PaymentUnitOfWork, Processor
from services.payment.usecases.settle import settle

# A callback comes within seconds; a payer who looks at the status again after half a minute should see the outcome.
UNANSWERED_AFTER = timedelta(seconds=30)
# The page process handles a stored callback within milliseconds; what is older was left by a crash.
UNPROCESSED_AFTER = timedelta(seconds=5)
# One round stays shorter than the pause between two; the next takes the rest.
BATCH = 50


@dataclass(frozen=True, slots=True)
class Sweep:
    """Safe to run in several workers at once: whatever they find is settled under the payment's lock."""

    transactions: Transactions[PaymentUnitOfWork]
    processor: Processor
    callbacks: ReceiveCallback
    clock: Clock
    moments: Clock

    def __call__(self) -> int:
        """Give how many callbacks and attempts were looked at; raises Unavailable when the processor is away."""
        now = self.moments.now()
        with self.transactions() as work:
            left = work.callbacks.unprocessed(now - UNPROCESSED_AFTER, BATCH)
            open_attempts = work.attempts.unanswered(now - UNANSWERED_AFTER, BATCH)
        for callback_id in left:
            self.callbacks.process(callback_id)
        for attempt in open_attempts:
            self._ask(attempt)
        return len(left) + len(open_attempts)

    def _ask(self, attempt: Attempt) -> None:
        report = self.processor.report(attempt.id)
        if report.answer is Answer.UNKNOWN:
            self.processor.charge(attempt)
            return
        with self.transactions() as work:
            settle(work, report, self.clock.now())
