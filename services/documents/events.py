"""Events of documents: the only room that knows their wire names."""

from __future__ import annotations

from suite.documents.v1 import documents_events_pb2
from suite.enrollment.v1 import enrollment_events_pb2

from chassis.bus.duties import Subscription
from chassis.bus.envelope import Delivery
from chassis.db import OutgoingEvent
from chassis.service import PublishedEvent
from services.documents.domain.document import ApplicationPdfRendered
from services.documents.usecases.render_application import RenderApplication, Submission

APPLICATION_SUBMITTED = "enrollment.application.submitted.v1"
APPLICATION_PDF_RENDERED = "documents.application_pdf.rendered.v1"

HEARS = (APPLICATION_SUBMITTED,)
PUBLISHES = {APPLICATION_PDF_RENDERED: PublishedEvent(documents_events_pb2.ApplicationPdfRendered)}


def subscriptions(render: RenderApplication) -> list[Subscription]:
    def submitted(delivery: Delivery, event: enrollment_events_pb2.ApplicationSubmitted) -> None:
        render(Submission(event.record_number, event.writing_number, delivery.queue, delivery.message_id))

    return [Subscription(APPLICATION_SUBMITTED, enrollment_events_pb2.ApplicationSubmitted, submitted)]


def translate(event: object) -> OutgoingEvent:
    if not isinstance(event, ApplicationPdfRendered):
        raise TypeError(f"{type(event).__name__} has no wire type")
    message = documents_events_pb2.ApplicationPdfRendered(
        record_number=event.record_number, sha256=event.sha256, size=event.size
    )
    return OutgoingEvent(APPLICATION_PDF_RENDERED, event.record_number, message)
