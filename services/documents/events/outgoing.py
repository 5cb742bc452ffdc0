"""Events of documents that go out, and their names on the wire."""

from __future__ import annotations

from suite.common.v1 import common_pb2
from suite.documents.v1 import documents_events_pb2

from chassis.db import OutgoingEvent
from chassis.mapping import REST, ToProto
from chassis.service import PublishedEvent
from services.documents.domain.document import ApplicationPdfFailed, ApplicationPdfRendered
from services.documents.domain.edi.submitted_policy import PolicyDecided
from services.documents.domain.proof import ProofDocument, SepProofAdded

APPLICATION_PDF_RENDERED = "documents.application_pdf.rendered.v1"
APPLICATION_PDF_FAILED = "documents.application_pdf.failed.v1"
SEP_PROOF_ADDED = "documents.sep_proof.added.v1"
POLICY_DECIDED = "documents.policy.decided.v1"

PUBLISHES = {
    # enrollment, which notes it in the timeline
    APPLICATION_PDF_RENDERED: PublishedEvent(documents_events_pb2.ApplicationPdfRendered, needs_subscriber=True),
    # the gateway, which tells the producer
    APPLICATION_PDF_FAILED: PublishedEvent(documents_events_pb2.ApplicationPdfFailed, needs_subscriber=True),
    # enrollment, which then waits for proof no longer
    SEP_PROOF_ADDED: PublishedEvent(documents_events_pb2.SepProofAdded, needs_subscriber=True),
    # enrollment, which notes it in the timeline
    POLICY_DECIDED: PublishedEvent(documents_events_pb2.PolicyDecided, needs_subscriber=True),
}

_rendered = ToProto(ApplicationPdfRendered, documents_events_pb2.ApplicationPdfRendered)
_failed = ToProto(ApplicationPdfFailed, documents_events_pb2.ApplicationPdfFailed)
_added = ToProto(ProofDocument, documents_events_pb2.SepProofAdded, unsent=REST)
_decided = ToProto(
    PolicyDecided,
    documents_events_pb2.PolicyDecided,
    coverage=lambda event: common_pb2.Coverage.Value(f"COVERAGE_{event.line.name}"),
    decision=lambda event: documents_events_pb2.CarrierDecision.Value(f"CARRIER_DECISION_{event.decision.name}"),
    unsent=("line",),
)


def event_to_proto(event: object) -> OutgoingEvent:
    match event:
        case ApplicationPdfRendered():
            return OutgoingEvent(APPLICATION_PDF_RENDERED, event.record_number, _rendered(event))
        case ApplicationPdfFailed():
            return OutgoingEvent(APPLICATION_PDF_FAILED, event.record_number, _failed(event))
        case SepProofAdded(document):
            return OutgoingEvent(SEP_PROOF_ADDED, document.record_number, _added(document))
        case PolicyDecided():
            return OutgoingEvent(POLICY_DECIDED, event.record_number, _decided(event))
    raise TypeError(f"{type(event).__name__} has no wire type")
