"""Use case: payment tells how the first premium stands (R93, R94, R111)."""

from __future__ import annotations

from dataclasses import dataclass

from services.enrollment.domain.enums import PaymentStatus
from services.enrollment.usecases.application_service import ApplicationService

# What the timeline says of each (R94).
_SENTENCES = {
    PaymentStatus.NOT_STARTED: "The first payment can be made online.",
    PaymentStatus.PENDING: "The first payment is being processed.",
    PaymentStatus.SUCCESSFUL: "The first payment was made.",
    PaymentStatus.FAILED: "The first payment did not go through.",
    PaymentStatus.BILL_LATER: "The first payment will be billed by mail.",
    PaymentStatus.CANCELLED: "The first payment was cancelled with the application. Nothing is due.",
    PaymentStatus.REFUND_DUE: "The first payment is due back to the payer.",
}


@dataclass(frozen=True, slots=True)
class OnPaymentChanged:
    service: ApplicationService

    def __call__(
        self, queue: str, message_id: str, record_number: str, status: PaymentStatus, reason: str = ""
    ) -> None:
        """``reason``: why it did not go through, in a sentence that names nothing of the card or account."""
        service = self.service.begin()
        with service.transactions() as work:
            if not work.accept_message(queue, message_id):
                return
            app = work.applications.get(record_number, for_update=True)
            if app is None:
                return
            paid = app.paid(service.now(), status)
            if paid is not app:
                service.save(work, paid, read_version=app.version)
            elif not (paid.payment_status is status is PaymentStatus.FAILED):  # each try that failed is told
                return
            # of a cancelled application it may be another one than payment told
            now_is = paid.payment_status or status
            summary = " ".join(filter(None, (_SENTENCES[now_is], reason if now_is is status else "")))
            service.record(work, "payment", paid, f"payment.{now_is}", summary)
