"""Which events are handled, and what becomes of them: one notification for each person who may see the application."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from google.protobuf.message import Message
from suite.common.v1 import common_pb2
from suite.documents.v1 import documents_events_pb2
from suite.enrollment.v1 import enrollment_events_pb2
from suite.payment.v1 import payment_events_pb2

from chassis.bus.delivery import MalformedMessage
from chassis.bus.envelope import Delivery
from chassis.bus.topology import EventQueue
from chassis.kernel import Clock
from gateway.events.listener import EventListener, EventSubscription
from gateway.notifications import messages
from gateway.store import notifications, user_rows
from gateway.store.database import GatewayDatabase
from gateway.store.forwarded import AsyncForwardedMessages


@dataclass(frozen=True, slots=True)
class NotifiedEvent:
    """One event type; its message has a record number and the writing number of the application."""

    event_type: str
    message: type[Message]
    # Of the notification that it becomes.
    kind: str
    # The same of one that is about dental coverage; empty where an event does not say.
    dental_kind: str = ""
    # Those of one night share an entry, which says how many they are.
    shared: bool = False

    @property
    def queue(self) -> EventQueue:
        return EventQueue("gateway", self.event_type)

    def kind_of(self, event: Any) -> str:
        dental = self.dental_kind and event.coverage == common_pb2.COVERAGE_DENTAL
        return self.dental_kind if dental else self.kind


NOTIFIED_EVENTS = (
    NotifiedEvent(
        "enrollment.application.submitted.v1", enrollment_events_pb2.ApplicationSubmitted, messages.SUBMITTED
    ),
    NotifiedEvent(
        "enrollment.application.submission_failed.v1",
        enrollment_events_pb2.SubmissionFailed,
        messages.SUBMISSION_FAILED,
    ),
    NotifiedEvent(
        "enrollment.application.cancelled.v1", enrollment_events_pb2.ApplicationCancelled, messages.CANCELLED
    ),
    NotifiedEvent(
        "enrollment.coverage.terminated.v1",
        enrollment_events_pb2.CoverageTerminated,
        messages.MEDICAL_TERMINATED,
        messages.DENTAL_TERMINATED,
    ),
    NotifiedEvent("enrollment.contact.changed.v1", enrollment_events_pb2.ContactChanged, messages.CONTACT_CHANGED),
    NotifiedEvent(
        "enrollment.application.expired.v1", enrollment_events_pb2.ApplicationExpired, messages.EXPIRED, shared=True
    ),
    NotifiedEvent("enrollment.review.signed.v1", enrollment_events_pb2.ReviewSigned, messages.REVIEW_SIGNED),
    NotifiedEvent("enrollment.review.returned.v1", enrollment_events_pb2.ReviewReturned, messages.REVIEW_RETURNED),
    NotifiedEvent("enrollment.review.outdated.v1", enrollment_events_pb2.ReviewOutdated, messages.REVIEW_OUTDATED),
    NotifiedEvent("enrollment.review.withdrawn.v1", enrollment_events_pb2.ReviewWithdrawn, messages.REVIEW_WITHDRAWN),
    NotifiedEvent("payment.payment.succeeded.v1", payment_events_pb2.PaymentSucceeded, messages.PAYMENT_SUCCEEDED),
    NotifiedEvent("payment.payment.failed.v1", payment_events_pb2.PaymentFailed, messages.PAYMENT_FAILED),
    NotifiedEvent("payment.first_payment.overdue.v1", payment_events_pb2.FirstPaymentOverdue, messages.PAYMENT_OVERDUE),
    NotifiedEvent(
        "documents.application_pdf.failed.v1", documents_events_pb2.ApplicationPdfFailed, messages.DOCUMENT_FAILED
    ),
    NotifiedEvent("payment.payment.refund_due.v1", payment_events_pb2.PaymentRefundDue, messages.REFUND_DUE),
)

# Longer than a message can be retried or lie in a queue before somebody replays it (reliability.md 1.1).
INBOX_KEPT = timedelta(days=14)
# The days of all states begin within a few hours of each other.
ONE_NIGHT = timedelta(hours=12)


class NotificationHandler:
    """Turns events into notifications, each event once."""

    def __init__(self, database: GatewayDatabase, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def subscriptions(self) -> list[EventSubscription]:
        return [
            EventSubscription(notified.queue, notified.message, partial(self.notify, notified))
            for notified in NOTIFIED_EVENTS
        ]

    async def notify(self, notified: NotifiedEvent, delivery: Delivery, event: Any) -> None:
        if not event.record_number:
            raise MalformedMessage("no record number")
        now = self._clock.now()
        async with self._database.transaction() as connection:
            if await notifications.accept_event(connection, delivery.queue, delivery.message_id, now):
                users = await user_rows.list_users_of_number(connection, event.writing_number, now)
                named = connection, users, notified.kind_of(event), event.record_number
                if notified.shared:
                    await notifications.share_notifications(*named, now - ONE_NIGHT, now)
                else:
                    await notifications.add_notifications(*named, now)

    async def prune(self) -> None:
        """Drop inbox rows that no repeat can reach any more."""
        async with self._database.transaction() as connection:
            await notifications.prune_seen(connection, self._clock.now() - INBOX_KEPT)


async def _nothing() -> None:
    """Nothing else to prune."""


def notification_listener(
    amqp_url: str, database: GatewayDatabase, clock: Clock, prune_also: Callable[[], Awaitable[None]] = _nothing
) -> EventListener:
    """The gateway's consumer of events. ``prune_also``: what else is dropped every hour."""
    handler, forwarded = NotificationHandler(database, clock), AsyncForwardedMessages(database)

    async def prune() -> None:
        await handler.prune()
        await forwarded.prune(INBOX_KEPT)
        await prune_also()

    return EventListener(amqp_url, handler.subscriptions(), forwarded, prune)
