"""The event entrypoint of a worker: what nameko's own consumer lacks (reliability.md 1.4).

A message is acknowledged only when its handler succeeded. After a passing fault it waits to be retried; after the last
retry, or at once when it can never succeed, it goes to ``<queue>.dead`` with the reason, and its neighbours go on. What
becomes of a message is decided in ``chassis.bus.delivery``.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Any, Protocol

from nameko.messaging import Consumer, QueueConsumer

from chassis import failpoints, telemetry
from chassis.bus import publish
from chassis.bus.consumer_liveness import ConsumerLiveness, PlainHeaders
from chassis.bus.delivery import ReceivedMessage, RetryDecision
from chassis.bus.topology import EventQueue, declare_queues
from chassis.db.forwarded import FailedAttempt

# Events of one type that one worker handles at once. A handler waits for the database, for calls, for a document: with
# three the thread has something to do meanwhile, and more would only take turns on it. The rest of a backlog stays with
# the broker, where it holds up nothing and any worker may take it.
EVENTS_AT_ONCE = 3


class Forwarded(Protocol):
    """Remembers, for longer than any message lives, which attempt of a failed message was sent on."""

    def attempt(self, queue: str, message_id: str) -> int: ...
    def send_once(self, message: FailedAttempt, send: Callable[[], None]) -> bool: ...


class RawQueueConsumer(ConsumerLiveness, QueueConsumer):  # type: ignore[misc]  # nameko has no types
    """Hands messages on as they came: nameko's own drops for good, and logs, a body that is no JSON."""

    takes = "events"
    prefetch_count = EVENTS_AT_ONCE

    def get_consumers(self, consumer_cls: Any, channel: Any) -> Any:
        for provider in self._providers:
            hand_on = partial(self.handle_message, provider, None)
            consumer = consumer_cls(
                queues=[provider.queue],
                on_message=hand_on,
                # kombu's own way is to log and acknowledge a compressed body: it would be lost
                on_decode_error=lambda message, _error, hand_on=hand_on: hand_on(message),
            )
            consumer.qos(prefetch_count=self.prefetch_count)
            self._consumers[provider] = consumer
        return self._consumers.values()


class Subscribe(PlainHeaders, Consumer):  # type: ignore[misc]  # nameko has no types
    """Consumes one event type from the service's own queue."""

    queue_consumer = RawQueueConsumer()

    def __init__(self, event_queue: EventQueue, forwarded: Forwarded, **options: Any) -> None:
        self.event_queue = event_queue
        self._forwarded = forwarded
        super().__init__(queue=event_queue.queue, **options)

    def setup(self) -> None:
        with publish.open_connection(self.container.config["AMQP_URI"]) as connection:
            declare_queues(connection, [self.event_queue])
        super().setup()

    def handle_message(self, _body: None, message: Any) -> None:
        received = received_from(self.event_queue, message)
        if self._was_forwarded(received):
            self._count("repeated")
            self.queue_consumer.ack_message(message)
            return
        # it is parsed in the worker: a body that is no event has to reach our own error handling
        super().handle_message(received, message)

    def handle_message_processed(self, message: Any, result: Any = None, exc_info: Any = None) -> None:
        failpoints.trigger_failpoint("after commit before ack", self.event_queue.name)
        try:
            outcome = "handled" if exc_info is None else self._move_on(message, exc_info[1])
        except (*publish.BROKER_ERRORS, publish.Unroutable):
            # no place confirmed it, so the broker has to keep it: it counts toward the delivery limit
            self.queue_consumer.requeue_message(message)
            return
        self._count(outcome)
        self.queue_consumer.ack_message(message)

    def _move_on(self, message: Any, error: BaseException) -> str:
        """Send a failed message to its next place; it is acknowledged only after the broker confirmed that place."""
        if not message.channel.connection:
            return "repeated"  # the broker has it again
        received = received_from(self.event_queue, message)
        decision = received.decide_retry(error, time.time(), telemetry.trace_headers())
        if not self._forwarded.send_once(received.failed, partial(self._publish, received, decision, error)):
            return "repeated"  # its copy is on the way
        failpoints.trigger_failpoint("after note before ack", self.event_queue.name)
        return decision.outcome

    def _publish(self, received: ReceivedMessage, decision: RetryDecision, error: BaseException) -> None:
        telemetry.get_logger().warning("event failed", exc_info=error, **received.log_fields(decision))
        with publish.open_connection(self.container.config["AMQP_URI"]) as connection:
            publisher = publish.ConfirmedPublisher(connection)
            publisher.to_queue(decision.queue, received.body, received.message_id, decision.headers)
        failpoints.trigger_failpoint("after publish before note", self.event_queue.name)

    def _was_forwarded(self, received: ReceivedMessage) -> bool:
        """Its copy went on, and then the acknowledgement was lost: the copy is the message now."""
        if received.is_first_delivery:
            return False  # only a failed message pays for the question
        return self._forwarded.attempt(received.queue.name, received.identity) >= received.attempt

    def _count(self, outcome: str) -> None:
        telemetry.EVENTS.labels(self.event_queue.name, outcome).inc()


def received_from(queue: EventQueue, message: Any) -> ReceivedMessage:
    """From a message of kombu, whose body is as it came."""
    body = message.body if isinstance(message.body, bytes) else str(message.body).encode()
    return ReceivedMessage.of(
        queue,
        body,
        message.headers,
        message.properties.get("message_id"),
        redelivered=message.delivery_info.get("redelivered"),
    )
