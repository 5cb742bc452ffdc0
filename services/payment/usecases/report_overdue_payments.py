"""Use case: tell the suite, once, that the day for a first payment is over; run by the worker's timer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC

from chassis.kernel import Clock, Transactions, business_date
from services.payment.domain.events import FirstPaymentOverdue
from services.payment.usecases.ports import PaymentUnitOfWork

# One round stays shorter than the pause between two; the next takes the rest.
BATCH = 50


@dataclass(frozen=True, slots=True)
class ReportOverduePayments:
    """Late payers may still pay. Safe to run in several workers at once: each payment is reported under its lock."""

    transactions: Transactions[PaymentUnitOfWork]
    clock: Clock

    def __call__(self) -> int:
        """Give how many were reported."""
        now = self.clock.now()
        # no state is ahead of UTC; whether the day is over there as well is decided with the payment
        with self.transactions() as work:
            found = work.payments.list_past_due(now.astimezone(UTC).date(), BATCH)
        return sum(self._report(record_number) for record_number in found)

    def _report(self, record_number: str) -> bool:
        now = self.clock.now()
        with self.transactions() as work:
            before = work.payments.lock_payment(record_number)
            if before is None or before.overdue:
                return False
            after, terms = before.past_due(business_date(now, before.terms.state)), before.terms
            if after == before or terms.due_on is None:
                return False
            work.payments.save_payment(after)
            work.publish_event(FirstPaymentOverdue(record_number, terms.writing_number, terms.amount, terms.due_on))
            work.record_audit(now, "payment", record_number, "payment.overdue", f"due on {terms.due_on}")
            return True
