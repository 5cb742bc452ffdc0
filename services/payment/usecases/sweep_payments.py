"""Use case: heal what a lost callback, a lost charge or a crash left open; run by the worker's timer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from chassis.kernel import Clock, Transactions
from services.payment.domain.attempt import Attempt
from services.payment.usecases.charge_outcome import apply_charge_outcome
from services.payment.usecases.ports import ChargeStatus, PaymentUnitOfWork, Processor
from services.payment.usecases.process_webhook import ProcessWebhook

# A callback comes within seconds; a payer who looks at the status again after half a minute should see the outcome.
UNANSWERED_AFTER = timedelta(seconds=30)
# The page process handles a stored callback within milliseconds; what is older was left by a crash.
UNPROCESSED_AFTER = timedelta(seconds=5)
# One round stays shorter than the pause between two; the next takes the rest.
BATCH = 50


@dataclass(frozen=True, slots=True)
class SweepReport:
    """``looked_at``: callbacks and attempts; ``mismatched``: attempts that were charged for another amount."""

    looked_at: int
    mismatched: int


@dataclass(frozen=True, slots=True)
class SweepPayments:
    """Safe to run in several workers at once: whatever they find is settled under the payment's lock."""

    transactions: Transactions[PaymentUnitOfWork]
    processor: Processor
    process_webhook: ProcessWebhook
    clock: Clock
    moments: Clock

    def __call__(self) -> SweepReport:
        """Raises Unavailable when the processor is away."""
        now = self.moments.now()
        with self.transactions() as work:
            left = work.webhooks.list_unprocessed(now - UNPROCESSED_AFTER, BATCH)
            open_attempts = work.attempts.list_unanswered(now - UNANSWERED_AFTER, BATCH)
            mismatched = work.attempts.count_mismatched()
        for webhook_id in left:
            self.process_webhook(webhook_id)
        for attempt in open_attempts:
            self._ask(attempt)
        return SweepReport(len(left) + len(open_attempts), mismatched)

    def _ask(self, attempt: Attempt) -> None:
        report = self.processor.get_charge(attempt.id)
        if report.status is ChargeStatus.UNKNOWN:
            self.processor.charge(attempt)
            return
        with self.transactions() as work:
            apply_charge_outcome(work, report, self.clock.now())
