"""Use case: keep a signed webhook of the processor, so that it may be acknowledged."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import Clock, Forbidden, Transactions
from services.payment.domain.outcome_sender import OutcomeSender
from services.payment.usecases.ports import ChargeReport, PaymentUnitOfWork


@dataclass(frozen=True, slots=True)
class ReceiveWebhook:
    """The caller has verified the sender's signature. True for a new webhook, False for a repeat; Forbidden for an
    attempt that another takes. One that nobody has is kept: it is the sender's mistake, and changes nothing."""

    transactions: Transactions[PaymentUnitOfWork]
    moments: Clock

    def __call__(self, sender: OutcomeSender, webhook_id: str, report: ChargeReport) -> bool:
        with self.transactions() as work:
            attempt = work.attempts.find_attempt(report.attempt_id)
            payment = work.payments.find_payment(attempt.record_number) if attempt else None
            if attempt and payment and not sender.takes(payment, attempt):
                raise Forbidden("This payment is taken by another processor or carrier.")
            return work.webhooks.add_webhook(webhook_id, report, self.moments.now())
