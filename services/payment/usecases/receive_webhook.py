"""Use case: keep a signed webhook of the processor, so that it may be acknowledged."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import Clock, Transactions
from services.payment.usecases.ports import ChargeReport, PaymentUnitOfWork


@dataclass(frozen=True, slots=True)
class ReceiveWebhook:
    """The caller has verified the signature. True for a new webhook, False for a repeat."""

    transactions: Transactions[PaymentUnitOfWork]
    moments: Clock

    def __call__(self, webhook_id: str, report: ChargeReport) -> bool:
        with self.transactions() as work:
            return work.webhooks.add_webhook(webhook_id, report, self.moments.now())
