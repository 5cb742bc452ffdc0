"""Events of documents that go out, and their names on the wire."""

from __future__ import annotations

from suite.documents.v1 import documents_events_pb2

from chassis.db import OutgoingEvent
from chassis.service import PublishedEvent
from services.documents.domain.document import ApplicationPdfRendered
from services.documents.domain.proof import ProofDocument, SepProofAdded

APPLICATION_PDF_RENDERED = "documents.application_pdf.rendered.v1"
SEP_PROOF_ADDED = "documents.sep_proof.added.v1"

PUBLISHES = {
    APPLICATION_PDF_RENDERED: PublishedEvent(documents_events_pb2.ApplicationPdfRendered),
    # enrollment, which then waits for proof no longer
    SEP_PROOF_ADDED: PublishedEvent(documents_events_pb2.SepProofAdded, must_be_heard=True),
}


def translate(event: object) -> OutgoingEvent:
    match event:
        case ApplicationPdfRendered(record_number, sha256, size):
            message = documents_events_pb2.ApplicationPdfRendered(record_number=record_number, sha256=sha256, size=size)
            return OutgoingEvent(APPLICATION_PDF_RENDERED, record_number, message)
        case SepProofAdded(document):
            return OutgoingEvent(SEP_PROOF_ADDED, document.record_number, _added(document))
    raise TypeError(f"{type(event).__name__} has no wire type")


def _added(document: ProofDocument) -> documents_events_pb2.SepProofAdded:
    return documents_events_pb2.SepProofAdded(
        record_number=document.record_number,
        writing_number=document.writing_number,
        document_id=document.document_id,
        kind=document.kind,
        media_type=document.media_type,
        size=document.size,
        sha256=document.sha256,
    )
