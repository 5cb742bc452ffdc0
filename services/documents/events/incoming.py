"""Events that documents subscribes to."""

from __future__ import annotations

from contextlib import suppress

from suite.enrollment.v1 import enrollment_events_pb2

from chassis.bus.delivery import is_last, is_permanent
from chassis.bus.envelope import Delivery
from chassis.bus.worker_spec import Subscription
from chassis.kernel import Unavailable
from services.documents.usecases.note_render_failure import NoteRenderFailure
from services.documents.usecases.render_application import RenderApplication, Submission

APPLICATION_SUBMITTED = "enrollment.application.submitted.v1"

SUBSCRIBES_TO = (APPLICATION_SUBMITTED,)


def make_subscriptions(render: RenderApplication, note_failure: NoteRenderFailure) -> list[Subscription]:
    def submitted(delivery: Delivery, event: enrollment_events_pb2.ApplicationSubmitted) -> None:
        submission = Submission(event.record_number, event.writing_number, delivery.queue, delivery.message_id)
        try:
            render(submission)
        except Exception as error:
            with suppress(Unavailable):  # with the database away the message is tried again all the same
                given_up = is_permanent(error) or is_last(delivery.attempt)
                note_failure(event.record_number, event.writing_number, given_up=given_up)
            raise

    return [Subscription(APPLICATION_SUBMITTED, enrollment_events_pb2.ApplicationSubmitted, submitted)]
