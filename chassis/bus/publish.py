"""The only two ways in which the suite publishes: an event of the outbox, or a message that changes its queue.

Every publish is persistent, mandatory, confirmed and bounded by a time limit (reliability.md 1.2).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from amqp.exceptions import AMQPError, MessageNacked
from kombu import Connection, Producer
from kombu.exceptions import KombuError

from chassis.bus.envelope import CONTENT_TYPE, Envelope
from chassis.bus.topology import events_exchange

# A broker that takes longer is stuck or gone. Whether it has the message is then unknown, so it is published again, and
# the subscriber's inbox drops the duplicate.
CONFIRM_TIMEOUT_SECONDS = 5
CONNECT_TIMEOUT_SECONDS = 5
# Seconds; either side closes the connection when it hears nothing for about two of them.
HEARTBEAT_SECONDS = 10
PERSISTENT = 2


# The broker is unavailable, refused the message, or its channel broke. The libraries agree on no common base.
BROKER_ERRORS = (OSError, KombuError, AMQPError, MessageNacked)


class Unroutable(Exception):
    """The broker took the message and found no queue for it."""


def open_connection(url: str) -> Connection:
    """A connection on which publishes are confirmed; opened when first used."""
    return Connection(
        url,
        connect_timeout=CONNECT_TIMEOUT_SECONDS,
        heartbeat=HEARTBEAT_SECONDS,
        transport_options={"confirm_publish": True},
    )


class ConfirmedPublisher:
    """Publishes on one channel of one connection; not for several threads at once."""

    def __init__(self, connection: Connection) -> None:
        self._returned: list[str] = []
        self._producer = Producer(connection, on_return=self._on_return)

    def event(self, envelope: Envelope) -> None:
        """Publish an event; raises Unroutable when nobody listens."""
        self._publish(
            envelope.body,
            exchange=events_exchange(envelope.type),
            routing_key=envelope.type,
            message_id=envelope.event_id,
            headers=envelope.headers,
            timestamp=int(envelope.time.timestamp()),
            type=envelope.type,
        )

    def to_queue(self, queue: str, body: bytes, message_id: str, headers: Mapping[str, Any]) -> None:
        """Put a message straight into a queue."""
        self._publish(body, exchange="", routing_key=queue, message_id=message_id, headers=dict(headers))

    def _publish(self, body: bytes, **properties: Any) -> None:
        self._returned.clear()
        self._producer.publish(
            body,
            content_type=CONTENT_TYPE,
            content_encoding="utf-8",
            delivery_mode=PERSISTENT,
            mandatory=True,
            confirm_timeout=CONFIRM_TIMEOUT_SECONDS,
            timeout=CONFIRM_TIMEOUT_SECONDS,
            **properties,
        )
        if self._returned:
            raise Unroutable(properties["routing_key"])

    def _on_return(self, _error: Any, _exchange: str, routing_key: str, _message: Any) -> None:
        self._returned.append(routing_key)
