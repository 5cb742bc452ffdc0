"""The event entrypoint of a worker: what nameko's own consumer lacks (reliability.md 1.4).

A message is acknowledged only when its handler succeeded. After a passing fault it waits on the retry ladder; after the
last step, or at once when it can never succeed, it goes to ``<queue>.dead`` with the reason, and its neighbours go on.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from functools import partial
from typing import Any, Protocol

from google.protobuf import json_format
from google.protobuf.message import Message
from nameko.messaging import Consumer, QueueConsumer

from chassis import failpoints, telemetry
from chassis.bus import publish
from chassis.bus.consumer_liveness import ConsumerLiveness, PlainHeaders
from chassis.bus.delivery import (
    ATTEMPT,
    FIRST_FAILURE,
    REASON,
    MalformedMessage,
    Move,
    Undecodable,
    attempt_of,
    identity_of,
    is_first,
    is_permanent,
    next_move,
    step_of,
)
from chassis.bus.envelope import Delivery, message_id_of
from chassis.bus.topology import EventQueue, declare
from chassis.db.forwarded import Failed

__all__ = ["ATTEMPT", "FIRST_FAILURE", "REASON", "MalformedMessage", "Subscribe", "is_permanent", "parse"]

Handler = Callable[[Delivery, Any], None]


class Forwarded(Protocol):
    """Remembers, for longer than any message lives, which try of a failed message was sent on."""

    def attempt(self, queue: str, message_id: str) -> int: ...
    def send_once(self, message: Failed, send: Callable[[], None]) -> bool: ...


class RawQueueConsumer(ConsumerLiveness, QueueConsumer):  # type: ignore[misc]  # nameko has no types
    """Hands messages on as they came: nameko's own drops for good, and logs, a body that is no JSON."""

    def get_consumers(self, consumer_cls: Any, channel: Any) -> Any:
        for provider in self._providers:
            consumer = consumer_cls(
                queues=[provider.queue],
                on_message=partial(self.handle_message, provider, None),
                on_decode_error=partial(self.handle_undecodable, provider),
            )
            consumer.qos(prefetch_count=self.prefetch_count)
            self._consumers[provider] = consumer
        return self._consumers.values()

    def handle_undecodable(self, provider: Subscribe, message: Any, error: Exception) -> None:
        """kombu's own way is to log such a message and acknowledge it: it would be lost."""
        poison = Undecodable()
        poison.__cause__ = error
        done = partial(provider.handle_message_processed, message, exc_info=(Undecodable, poison, None))
        self.container.spawn_managed_thread(done, identifier="undecodable")


class Subscribe(PlainHeaders, Consumer):  # type: ignore[misc]  # nameko has no types
    """Consumes one event type from the service's own queue."""

    queue_consumer = RawQueueConsumer()

    def __init__(self, event_queue: EventQueue, forwarded: Forwarded | None = None, **options: Any) -> None:
        self.event_queue = event_queue
        self._forwarded = forwarded
        super().__init__(queue=event_queue.queue, **options)

    def setup(self) -> None:
        with publish.connect(self.container.config["AMQP_URI"]) as connection:
            declare(connection, [self.event_queue])
        super().setup()

    def handle_message(self, _body: None, message: Any) -> None:
        if self._was_forwarded(message):
            self._count("repeated")
            self.queue_consumer.ack_message(message)
            return
        # the worker gets the raw parts: a body that is no event has to reach our own error handling
        super().handle_message((_raw(message), dict(message.headers), dict(message.properties)), message)

    def handle_message_processed(self, message: Any, result: Any = None, exc_info: Any = None) -> None:
        failpoints.trigger("after commit before ack")
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
        move = next_move(self.event_queue, _headers(message), error, time.time())
        if not self._send_once(message, partial(self._publish, message, move, error)):
            return "repeated"  # its copy is on the way
        failpoints.trigger("after note before ack")
        return move.outcome

    def _send_once(self, message: Any, send: Callable[[], None]) -> bool:
        if not self._forwarded:
            send()
            return True
        first = is_first(message.headers, message.delivery_info.get("redelivered"))
        failed = Failed(self.event_queue.name, _identity(message), attempt_of(message.headers), begins_anew=first)
        return self._forwarded.send_once(failed, send)

    def _publish(self, message: Any, move: Move, error: BaseException) -> None:
        message_id = message_id_of(message.headers, message.properties)
        telemetry.logger().warning(
            "event failed",
            queue=self.event_queue.name,
            attempt=attempt_of(message.headers),
            outcome=move.outcome,
            delay_seconds=move.delay,
            exc_info=error,
            message_id=message_id,
        )
        with publish.connect(self.container.config["AMQP_URI"]) as connection:
            publish.ConfirmedPublisher(connection).to_queue(move.queue, _raw(message), message_id, move.headers)
        failpoints.trigger("after publish before note")

    def _was_forwarded(self, message: Any) -> bool:
        """Its copy went on, and then the acknowledgement was lost: the copy is the message now."""
        if not self._forwarded or is_first(message.headers, message.delivery_info.get("redelivered")):
            return False  # only a failed message pays for the question
        return self._forwarded.attempt(self.event_queue.name, _identity(message)) >= attempt_of(message.headers)

    def _count(self, outcome: str) -> None:
        telemetry.EVENTS.labels(self.event_queue.name, outcome).inc()


def parse(queue: EventQueue, message_class: type[Message], parts: Any) -> tuple[Delivery, Message]:
    """Read the event; raises MalformedMessage when the body is not one of its type."""
    body, headers, properties = parts
    delivery = Delivery(
        message_id=message_id_of(headers, properties),
        event_type=queue.event_type,
        queue=queue.name,
        attempt=step_of(headers),
    )
    if not delivery.message_id:
        raise MalformedMessage("no message id")
    try:
        fields = json.loads(body)
        if isinstance(fields, dict):  # protobuf reads any other text or list as a message without fields
            return delivery, json_format.ParseDict(fields, message_class(), ignore_unknown_fields=True)
    except (json_format.ParseError, ValueError, TypeError, AttributeError):
        pass
    raise MalformedMessage("body is not the event's message")


def _headers(message: Any) -> dict[str, Any]:
    """As they came, without the compression that kombu undid."""
    undone = set() if message.errors else {"compression"}
    return {key: value for key, value in message.headers.items() if key not in undone}


def _identity(message: Any) -> str:
    return identity_of(message_id_of(message.headers, message.properties), _raw(message))


def _raw(message: Any) -> bytes:
    body = message.body
    return body if isinstance(body, bytes) else str(body).encode()
