"""Events: which events enrollment hears, and the use case behind each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from suite.documents.v1 import documents_events_pb2
from suite.enrollment.v1 import enrollment_events_pb2
from suite.payment.v1 import payment_events_pb2
from suite.quote.v1 import quote_events_pb2

from chassis.bus.envelope import Delivery
from chassis.bus.worker_spec import Subscription
from services.enrollment.domain.vocabulary import PaymentStatus
from services.enrollment.events.outgoing import REQUESTED
from services.enrollment.usecases.hear_document import HearDocument
from services.enrollment.usecases.hear_payment import HearPayment
from services.enrollment.usecases.hear_proof import HearProof
from services.enrollment.usecases.hear_quote import HearQuote
from services.enrollment.usecases.run_submission import RunSubmission

_PAYMENT = {
    "payment.payment.succeeded.v1": (payment_events_pb2.PaymentSucceeded, PaymentStatus.SUCCESSFUL),
    "payment.payment.failed.v1": (payment_events_pb2.PaymentFailed, PaymentStatus.FAILED),
    "payment.payment.bill_later.v1": (payment_events_pb2.PaymentBillLater, PaymentStatus.BILL_LATER),
    "payment.payment.cancelled.v1": (payment_events_pb2.PaymentCancelled, PaymentStatus.CANCELLED),
    "payment.payment.refund_due.v1": (payment_events_pb2.PaymentRefundDue, PaymentStatus.REFUND_DUE),
}
QUOTED = "quote.quote.created.v1"
PROVEN = "documents.sep_proof.added.v1"
RENDERED = "documents.application_pdf.rendered.v1"
HEARS = (REQUESTED, QUOTED, PROVEN, RENDERED, *_PAYMENT)


def subscriptions(
    run_submission: RunSubmission,
    hear_payment: HearPayment,
    hear_quote: HearQuote,
    hear_proof: HearProof,
    hear_document: HearDocument,
) -> list[Subscription]:
    def requested(delivery: Delivery, event: enrollment_events_pb2.SubmissionRequested) -> None:
        run_submission(delivery.queue, delivery.message_id, event.record_number, event.attempt)

    def quoted(delivery: Delivery, event: quote_events_pb2.QuoteCreated) -> None:
        hear_quote(delivery.queue, delivery.message_id, event.quote_id)

    def proven(delivery: Delivery, event: documents_events_pb2.SepProofAdded) -> None:
        hear_proof(delivery.queue, delivery.message_id, event.record_number, event.kind)

    def rendered(delivery: Delivery, event: documents_events_pb2.ApplicationPdfRendered) -> None:
        hear_document(delivery.queue, delivery.message_id, event.record_number)

    own = Subscription(REQUESTED, enrollment_events_pb2.SubmissionRequested, requested)
    payments = [
        Subscription(kind, message, _tell(hear_payment, status)) for kind, (message, status) in _PAYMENT.items()
    ]
    return [
        own,
        Subscription(PROVEN, documents_events_pb2.SepProofAdded, proven),
        Subscription(RENDERED, documents_events_pb2.ApplicationPdfRendered, rendered),
        Subscription(QUOTED, quote_events_pb2.QuoteCreated, quoted),
        *payments,
    ]


def _tell(hear_payment: HearPayment, status: PaymentStatus) -> Callable[[Delivery, Any], None]:
    def told(delivery: Delivery, event: Any) -> None:
        hear_payment(delivery.queue, delivery.message_id, event.record_number, status)

    return told
