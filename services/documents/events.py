"""Events of documents: the only room that knows their wire names."""

from __future__ import annotations

from contextlib import suppress

from suite.documents.v1 import documents_events_pb2
from suite.enrollment.v1 import enrollment_events_pb2

from chassis.bus.delivery import is_last, is_permanent
from chassis.bus.envelope import Delivery
from chassis.bus.worker_spec import Subscription
from chassis.db import OutgoingEvent
from chassis.kernel import Unavailable
from chassis.service import PublishedEvent
from services.documents.domain.document import ApplicationPdfRendered
from services.documents.domain.proof import ProofDocument, SepProofAdded
from services.documents.usecases.render_application import RenderApplication, Submission

APPLICATION_SUBMITTED = "enrollment.application.submitted.v1"
APPLICATION_PDF_RENDERED = "documents.application_pdf.rendered.v1"
SEP_PROOF_ADDED = "documents.sep_proof.added.v1"

HEARS = (APPLICATION_SUBMITTED,)
PUBLISHES = {
    APPLICATION_PDF_RENDERED: PublishedEvent(documents_events_pb2.ApplicationPdfRendered),
    # enrollment, which then waits for proof no longer
    SEP_PROOF_ADDED: PublishedEvent(documents_events_pb2.SepProofAdded, must_be_heard=True),
}


def subscriptions(render: RenderApplication) -> list[Subscription]:
    def submitted(delivery: Delivery, event: enrollment_events_pb2.ApplicationSubmitted) -> None:
        submission = Submission(event.record_number, event.writing_number, delivery.queue, delivery.message_id)
        try:
            render(submission)
        except Exception as error:
            with suppress(Unavailable):  # with the database away the message is tried again all the same
                render.note_trouble(submission, given_up=is_permanent(error) or is_last(delivery.attempt))
            raise

    return [Subscription(APPLICATION_SUBMITTED, enrollment_events_pb2.ApplicationSubmitted, submitted)]


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
