"""The event entrypoint of a worker: what nameko's own consumer lacks (reliability.md 1.4).

A message is acknowledged only when its handler succeeded. After a passing fault it waits on the retry ladder; after the
last step, or at once when it can never succeed, it goes to ``<queue>.dead`` with the reason, and its neighbours go on.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from google.protobuf import json_format
from google.protobuf.message import Message
from nameko.messaging import Consumer, QueueConsumer

from chassis import crashpoints, telemetry
from chassis.bus import publish
from chassis.bus.envelope import Delivery, message_id_of
from chassis.bus.topology import RETRY_LADDER, EventQueue, declare
from chassis.bus.watched import Watched
from chassis.faults import fault_of
from chassis.kernel import DomainError

Handler = Callable[[Delivery, Any], None]

ATTEMPT = "x-suite-attempt"
REASON = "x-suite-reason"
FIRST_FAILURE = "x-suite-first-failure"


class Poison(Exception):
    """The message can never be handled: it is no event of this type, or says something impossible."""


class RawQueueConsumer(Watched, QueueConsumer):  # type: ignore[misc]  # nameko has no types
    """Hands messages on as they came: nameko's own drops for good, and logs, a body that is no JSON."""

    def get_consumers(self, consumer_cls: Any, channel: Any) -> Any:
        for provider in self._providers:
            consumer = consumer_cls(queues=[provider.queue], on_message=partial(self.handle_message, provider, None))
            consumer.qos(prefetch_count=self.prefetch_count)
            self._consumers[provider] = consumer
        return self._consumers.values()


class Subscribe(Consumer):  # type: ignore[misc]  # nameko has no types
    """Consumes one event type from the service's own queue."""

    queue_consumer = RawQueueConsumer()

    def __init__(self, event_queue: EventQueue, **options: Any) -> None:
        self.event_queue = event_queue
        super().__init__(queue=event_queue.queue, **options)

    def setup(self) -> None:
        with publish.connect(self.container.config["AMQP_URI"]) as connection:
            declare(connection, [self.event_queue])
        super().setup()

    def handle_message(self, _body: None, message: Any) -> None:
        # the worker gets the raw parts: a body that is no event has to reach our own error handling
        super().handle_message((_raw(message), dict(message.headers), dict(message.properties)), message)

    def handle_message_processed(self, message: Any, result: Any = None, exc_info: Any = None) -> None:
        crashpoints.reach("after commit before ack")
        try:
            outcome = "handled" if exc_info is None else self._move_on(message, exc_info[1])
        except (*publish.BROKER_ERRORS, publish.Unroutable):
            # no place confirmed it, so the broker has to keep it: it counts toward the delivery limit
            self.queue_consumer.requeue_message(message)
            return
        telemetry.EVENTS.labels(self.event_queue.name, outcome).inc()
        self.queue_consumer.ack_message(message)

    def _move_on(self, message: Any, error: BaseException) -> str:
        """Send a failed message to its next place; it is acknowledged only after the broker confirmed that place."""
        headers = dict(message.headers)
        attempt = _attempt(headers)
        headers |= {REASON: _reason(error), ATTEMPT: attempt + 1}
        headers.setdefault(FIRST_FAILURE, int(time.time()))
        dead = is_hopeless(error) or attempt > len(RETRY_LADDER)
        delay = 0 if dead else RETRY_LADDER[attempt - 1]
        target = self.event_queue.dead.name if dead else self._waiting_place(delay)
        telemetry.logger().warning(
            "event failed",
            queue=self.event_queue.name,
            attempt=attempt,
            outcome="dead" if dead else "retry",
            delay_seconds=delay,
            exc_info=error,
            message_id=message_id_of(headers, message.properties),
        )
        with publish.connect(self.container.config["AMQP_URI"]) as connection:
            publish.ConfirmedPublisher(connection).to_queue(
                target, _raw(message), message_id_of(headers, message.properties), headers
            )
        return "dead" if dead else "retry"

    def _waiting_place(self, delay: int) -> str:
        return self.event_queue.retry(delay).name if delay else self.event_queue.name


def parse(queue: EventQueue, message_class: type[Message], parts: Any) -> tuple[Delivery, Message]:
    """Read the event; raises Poison when the body is not one of its type."""
    body, headers, properties = parts
    delivery = Delivery(
        message_id=message_id_of(headers, properties),
        event_type=queue.event_type,
        queue=queue.name,
        attempt=_attempt(headers),
    )
    if not delivery.message_id:
        raise Poison("no message id")
    try:
        fields = json.loads(body)
        if isinstance(fields, dict):  # protobuf reads any other text or list as a message without fields
            return delivery, json_format.ParseDict(fields, message_class(), ignore_unknown_fields=True)
    except (json_format.ParseError, ValueError, TypeError, AttributeError):
        pass
    raise Poison("body is not the event's message")


def is_hopeless(error: BaseException) -> bool:
    """A refusal by our own rules will be the same the next time; everything else may pass."""
    if isinstance(error, DomainError):
        return not fault_of(error).transient
    return isinstance(error, Poison)


def _reason(error: BaseException) -> str:
    return error.code if isinstance(error, DomainError) else type(error).__name__


def _attempt(headers: Mapping[str, Any]) -> int:
    attempt = headers.get(ATTEMPT, 1)
    return attempt if isinstance(attempt, int) else 1  # whatever an outsider wrote there


def _raw(message: Any) -> bytes:
    body = message.body
    return body if isinstance(body, bytes) else str(body).encode()
