"""Events: which events enrollment subscribes to, and the use case behind each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from suite.documents.v1 import documents_events_pb2
from suite.enrollment.v1 import enrollment_events_pb2
from suite.payment.v1 import payment_events_pb2
from suite.quote.v1 import quote_events_pb2

from chassis.bus.envelope import Delivery
from chassis.bus.worker_spec import Subscription
from services.enrollment.domain.enums import Coverage, PaymentStatus
from services.enrollment.domain.policy_decision import CarrierDecision, CarrierTransaction, PolicyDecision
from services.enrollment.events.outgoing import REQUESTED
from services.enrollment.usecases.on_autopay_changed import OnAutopayChanged
from services.enrollment.usecases.on_document_rendered import OnDocumentRendered
from services.enrollment.usecases.on_payment_changed import OnPaymentChanged
from services.enrollment.usecases.on_policy_decided import OnPolicyDecided
from services.enrollment.usecases.on_proof_added import OnProofAdded
from services.enrollment.usecases.on_quote_created import OnQuoteCreated
from services.enrollment.usecases.run_submission import RunSubmission
from services.enrollment.wire.enums import enum_from_proto

_PAYMENT = {
    "payment.payment.succeeded.v1": (payment_events_pb2.PaymentSucceeded, PaymentStatus.SUCCESSFUL),
    "payment.payment.failed.v1": (payment_events_pb2.PaymentFailed, PaymentStatus.FAILED),
    "payment.payment.bill_later.v1": (payment_events_pb2.PaymentBillLater, PaymentStatus.BILL_LATER),
    "payment.payment.cancelled.v1": (payment_events_pb2.PaymentCancelled, PaymentStatus.CANCELLED),
    "payment.payment.refund_due.v1": (payment_events_pb2.PaymentRefundDue, PaymentStatus.REFUND_DUE),
}
_AUTOPAY = {
    "payment.autopay.authorized.v1": (payment_events_pb2.AutopayAuthorized, "autopay.authorized"),
    "payment.autopay.cancelled.v1": (payment_events_pb2.AutopayCancelled, "autopay.cancelled"),
}
_DECISIONS: Mapping[int, CarrierDecision] = {
    documents_events_pb2.CarrierDecision.Value(f"CARRIER_DECISION_{one.name}"): one for one in CarrierDecision
}
_ANSWERED: Mapping[int, CarrierTransaction] = {
    documents_events_pb2.CarrierTransaction.Value(f"CARRIER_TRANSACTION_{one.name}"): one for one in CarrierTransaction
}
T = TypeVar("T")
QUOTED = "quote.quote.created.v1"
QUOTE_UPDATED = "quote.quote.updated.v1"
PROVEN = "documents.sep_proof.added.v1"
RENDERED = "documents.application_pdf.rendered.v1"
DECIDED = "documents.policy.decided.v1"
SUBSCRIBES_TO = (REQUESTED, QUOTED, QUOTE_UPDATED, PROVEN, RENDERED, DECIDED, *_PAYMENT, *_AUTOPAY)


def make_subscriptions(
    run_submission: RunSubmission,
    on_payment_changed: OnPaymentChanged,
    on_autopay_changed: OnAutopayChanged,
    on_quote_created: OnQuoteCreated,
    on_proof_added: OnProofAdded,
    on_document_rendered: OnDocumentRendered,
    on_policy_decided: OnPolicyDecided,
) -> list[Subscription]:
    def requested(delivery: Delivery, event: enrollment_events_pb2.SubmissionRequested) -> None:
        run_submission(delivery.queue, delivery.message_id, event.record_number, event.attempt)

    def quoted(delivery: Delivery, event: quote_events_pb2.QuoteCreated | quote_events_pb2.QuoteUpdated) -> None:
        on_quote_created(delivery.queue, delivery.message_id, event.quote_id)

    def proven(delivery: Delivery, event: documents_events_pb2.SepProofAdded) -> None:
        on_proof_added(delivery.queue, delivery.message_id, event.record_number, event.kind)

    def rendered(delivery: Delivery, event: documents_events_pb2.ApplicationPdfRendered) -> None:
        on_document_rendered(delivery.queue, delivery.message_id, event.record_number)

    def decided(delivery: Delivery, event: documents_events_pb2.PolicyDecided) -> None:
        decision = to_policy_decision(event)
        if decision is not None:  # a later release may know more answers
            on_policy_decided(delivery.queue, delivery.message_id, event.record_number, decision)

    own = Subscription(REQUESTED, enrollment_events_pb2.SubmissionRequested, requested)
    payments = [
        Subscription(kind, message, _tell_payment(on_payment_changed, status))
        for kind, (message, status) in _PAYMENT.items()
    ]
    autopay = [
        Subscription(kind, message, _tell(on_autopay_changed, action)) for kind, (message, action) in _AUTOPAY.items()
    ]
    return [
        own,
        Subscription(PROVEN, documents_events_pb2.SepProofAdded, proven),
        Subscription(RENDERED, documents_events_pb2.ApplicationPdfRendered, rendered),
        Subscription(DECIDED, documents_events_pb2.PolicyDecided, decided),
        Subscription(QUOTED, quote_events_pb2.QuoteCreated, quoted),
        Subscription(QUOTE_UPDATED, quote_events_pb2.QuoteUpdated, quoted),
        *payments,
        *autopay,
    ]


def _tell_payment(on_payment_changed: OnPaymentChanged, status: PaymentStatus) -> Callable[[Delivery, Any], None]:
    def told(delivery: Delivery, event: Any) -> None:
        reason = event.reason if isinstance(event, payment_events_pb2.PaymentFailed) else ""
        on_payment_changed(delivery.queue, delivery.message_id, event.record_number, status, reason)

    return told


def _tell(on_change: Callable[[str, str, str, T], None], change: T) -> Callable[[Delivery, Any], None]:
    def told(delivery: Delivery, event: Any) -> None:
        on_change(delivery.queue, delivery.message_id, event.record_number, change)

    return told


def to_policy_decision(event: documents_events_pb2.PolicyDecided) -> PolicyDecision | None:
    """None for a word that this version does not know."""
    coverage = enum_from_proto(Coverage, event.coverage)
    decision = _DECISIONS.get(event.decision)
    answers = _answered(event)
    if coverage is None or decision is None or answers is None:
        return None
    return PolicyDecision(event.carrier, coverage, decision, event.reason, answers)


def _answered(event: documents_events_pb2.PolicyDecided) -> CarrierTransaction | None:
    """A release of documents that told enrollments and cancellations alone does not name it."""
    if event.answers == documents_events_pb2.CARRIER_TRANSACTION_UNSPECIFIED:
        return CarrierTransaction.CANCELLATION if event.of_cancellation else CarrierTransaction.ENROLLMENT
    return _ANSWERED.get(event.answers)
