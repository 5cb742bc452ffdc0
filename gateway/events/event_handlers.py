"""Which events are handled, and what becomes of them: one notification for each person who may see the application."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from google.protobuf import json_format
from google.protobuf.message import Message
from sqlalchemy.exc import SQLAlchemyError
from suite.enrollment.v1 import enrollment_events_pb2
from suite.payment.v1 import payment_events_pb2

from chassis import telemetry
from chassis.bus.delivery import MalformedMessage
from chassis.bus.topology import EventQueue
from chassis.kernel import Clock, Unavailable
from gateway import notices
from gateway.store import forwarded, notifications, people
from gateway.store.database import GatewayDatabase


@dataclass(frozen=True, slots=True)
class HandledEvent:
    """One event type; its message has a record number and the writing number under which the application stands."""

    event_type: str
    message: type[Message]
    kind: str

    @property
    def queue(self) -> EventQueue:
        return EventQueue("gateway", self.event_type)


HANDLED_EVENTS = (
    HandledEvent("enrollment.application.submitted.v1", enrollment_events_pb2.ApplicationSubmitted, notices.SUBMITTED),
    HandledEvent(
        "enrollment.application.submission_failed.v1",
        enrollment_events_pb2.SubmissionFailed,
        notices.SUBMISSION_FAILED,
    ),
    HandledEvent("enrollment.application.cancelled.v1", enrollment_events_pb2.ApplicationCancelled, notices.CANCELLED),
    HandledEvent("payment.payment.succeeded.v1", payment_events_pb2.PaymentSucceeded, notices.PAYMENT_SUCCEEDED),
    HandledEvent("payment.payment.failed.v1", payment_events_pb2.PaymentFailed, notices.PAYMENT_FAILED),
    HandledEvent("payment.payment.refund_due.v1", payment_events_pb2.PaymentRefundDue, notices.REFUND_DUE),
)


# Longer than a message can be retried or lie in a queue before somebody replays it (reliability.md 1.1).
INBOX_KEPT = timedelta(days=14)


class NotificationHandler:
    """Turns events into notifications, each event once."""

    def __init__(self, database: GatewayDatabase, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def notify(self, handled: HandledEvent, message_id: str, body: bytes) -> None:
        event = _parse(handled, message_id, body)
        now = self._clock.now()
        async with self._database.transaction() as connection:
            if await notifications.accept(connection, handled.queue.name, message_id, now):
                users = await people.users_of_number(connection, event.writing_number)
                await notifications.add(connection, users, handled.kind, event.record_number, now)

    async def last_forwarded(self, handled: HandledEvent, identity: str) -> int:
        """The last try of the message that was sent on; 0 when there is none, or the database cannot say."""
        try:
            async with self._database.transaction() as connection:
                return await forwarded.last_attempt(connection, handled.queue.name, identity)
        except (Unavailable, SQLAlchemyError) as away:
            telemetry.logger().warning("forwarded messages not asked", queue=handled.queue.name, exc_info=away)
            return 0

    async def forget_forwarded(self, handled: HandledEvent, identity: str) -> None:
        """The tries of the message begin anew: it was put back by hand."""
        try:
            async with self._database.transaction() as connection:
                await forwarded.forget(connection, handled.queue.name, identity)
        except (Unavailable, SQLAlchemyError) as away:
            telemetry.logger().warning("forwarded message not forgotten", queue=handled.queue.name, exc_info=away)

    async def note_forwarded(self, handled: HandledEvent, identity: str, attempt: int) -> None:
        """A database that is away costs certainty, never the message: it may then come twice."""
        try:
            async with self._database.transaction() as connection:
                await forwarded.note(connection, handled.queue.name, identity, attempt, self._clock.now())
        except (Unavailable, SQLAlchemyError) as away:
            telemetry.logger().warning("forwarded message not noted", queue=handled.queue.name, exc_info=away)

    async def prune(self) -> None:
        """Drop inbox rows and forwarded messages that no repeat can reach any more."""
        async with self._database.transaction() as connection:
            await notifications.prune_seen(connection, self._clock.now() - INBOX_KEPT)
            await forwarded.prune(connection, self._clock.now() - INBOX_KEPT)


def _parse(handled: HandledEvent, message_id: str, body: bytes) -> Any:
    try:
        event: Any = json_format.Parse(body, handled.message(), ignore_unknown_fields=True)
    except (json_format.ParseError, UnicodeDecodeError) as wrong:
        raise MalformedMessage("body is not the event's message") from wrong
    if not message_id or not event.record_number:
        raise MalformedMessage("no message id or no record number")
    return event
