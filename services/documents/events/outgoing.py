"""Events of documents that go out, and their names on the wire."""

from __future__ import annotations

from suite.common.v1 import common_pb2
from suite.documents.v1 import documents_events_pb2

from chassis.contract_options import event_type
from chassis.db import OutgoingEvent
from chassis.mapping import REST, ToProto
from services.documents.domain.document import ApplicationPdfFailed, ApplicationPdfRendered
from services.documents.domain.edi.enrollment import Maintenance
from services.documents.domain.edi.submitted_policy import PolicyDecided
from services.documents.domain.proof import ProofDocument, SepProofAdded

APPLICATION_PDF_RENDERED = event_type(documents_events_pb2.ApplicationPdfRendered)
APPLICATION_PDF_FAILED = event_type(documents_events_pb2.ApplicationPdfFailed)
SEP_PROOF_ADDED = event_type(documents_events_pb2.SepProofAdded)
POLICY_DECIDED = event_type(documents_events_pb2.PolicyDecided)
_TRANSACTIONS = {
    Maintenance.INITIAL: documents_events_pb2.CARRIER_TRANSACTION_ENROLLMENT,
    Maintenance.CANCELLATION: documents_events_pb2.CARRIER_TRANSACTION_CANCELLATION,
    Maintenance.TERMINATION: documents_events_pb2.CARRIER_TRANSACTION_TERMINATION,
    Maintenance.CHANGE: documents_events_pb2.CARRIER_TRANSACTION_CONTACT_CHANGE,
}

_rendered = ToProto(ApplicationPdfRendered, documents_events_pb2.ApplicationPdfRendered)
_failed = ToProto(ApplicationPdfFailed, documents_events_pb2.ApplicationPdfFailed)
_added = ToProto(ProofDocument, documents_events_pb2.SepProofAdded, unsent=REST)
_decided = ToProto(
    PolicyDecided,
    documents_events_pb2.PolicyDecided,
    coverage=lambda event: common_pb2.Coverage.Value(f"COVERAGE_{event.line.name}"),
    decision=lambda event: documents_events_pb2.CarrierDecision.Value(f"CARRIER_DECISION_{event.decision.name}"),
    of_cancellation=lambda event: event.answers.ends_coverage,
    answers=lambda event: _TRANSACTIONS[event.answers],
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
