"""Use case: heal what a lost callback, a lost charge or a crash left open; run by the worker's timer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from chassis.kernel import Clock, Transactions
from services.payment.domain.attempt import Attempt, AttemptStatus
from services.payment.usecases.charge_outcome import apply_charge_outcome
from services.payment.usecases.page_visits import SESSION_LIFE
from services.payment.usecases.persistence import lock_payment, save_transition
from services.payment.usecases.ports import ChargeStatus, PaymentUnitOfWork, Processor
from services.payment.usecases.process_webhook import ProcessWebhook

# A callback comes within seconds; a payer who looks at the status again after half a minute should see the outcome.
UNANSWERED_AFTER = timedelta(seconds=30)
# The page process handles a stored callback within milliseconds; what is older was left by a crash.
UNPROCESSED_AFTER = timedelta(seconds=5)
# Another's payment page has as long as ours: time to fetch a checkbook.
HANDED_OVER_FOR = SESSION_LIFE
# One round stays shorter than the pause between two; the next takes the rest.
BATCH = 50


@dataclass(frozen=True, slots=True)
class SweepReport:
    """``looked_at``: callbacks, charges and payers handed over; ``mismatched``: attempts charged for another amount."""

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
            handed_over = work.attempts.list_handed_over(now - HANDED_OVER_FOR, BATCH)
            mismatched = work.attempts.count_mismatched()
            work.subscribers.delete_expired_subscribers(now)
        for webhook_id in left:
            self.process_webhook(webhook_id)
        for attempt in handed_over:
            self._give_up(attempt)
        for attempt in open_attempts:
            self._ask(attempt)
        return SweepReport(len(left) + len(handed_over) + len(open_attempts), mismatched)

    def _ask(self, attempt: Attempt) -> None:
        report = self.processor.get_charge(attempt.id)
        if report.status is ChargeStatus.UNKNOWN:
            self.processor.charge(attempt)
            return
        with self.transactions() as work:
            apply_charge_outcome(work, report, self.clock.now())

    def _give_up(self, found: Attempt) -> None:
        """Nobody can be asked. The bill by mail goes out, and an outcome that comes later still counts."""
        with self.transactions() as work:
            before = lock_payment(work, found.record_number)
            attempt = work.attempts.find_attempt(found.id)
            if attempt is None or not attempt.is_handed_over or attempt.sent_at != found.sent_at:
                return  # answered, swept by somebody else, or begun again, in the meantime
            work.attempts.save_attempt(replace(attempt, status=AttemptStatus.EXPIRED))
            after = before.unanswered(attempt, self.clock.now())
            save_transition(work, before, after, "sweep", "payment.handoff_expired")
