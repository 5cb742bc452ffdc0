"""The only two ways in which the suite publishes what may not be lost: events of the outbox, or a message that changes
its queue. Calls and their answers, which may, have a module of their own (``call_connection``).

Every publish is persistent, mandatory, confirmed and bounded by a time limit (reliability.md 1.2).
"""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import Enum, auto
from typing import Any

from amqp.exceptions import AMQPError, MessageNacked
from kombu import Connection, Producer
from kombu.exceptions import KombuError

from chassis.bus.broker_address import connection_options, plain_address
from chassis.bus.envelope import CONTENT_TYPE, Envelope
from chassis.bus.topology import events_exchange
from chassis.keepalive import PROBE_AFTER_SECONDS, PROBE_EVERY_SECONDS, PROBES

# A broker that takes longer is stuck or gone. Whether it has the message is then unknown, so it is published again, and
# the subscriber's inbox drops the duplicate.
CONFIRM_TIMEOUT_SECONDS = 5
CONNECT_TIMEOUT_SECONDS = 5
# Seconds; either side closes the connection when it hears nothing for two or three of them. Until then the broker hands
# messages to a consumer that is gone. RabbitMQ warns of less: a busy process would be taken for one that is gone.
HEARTBEAT_SECONDS = 5
# py-amqp's own begin after a minute.
KEEPALIVE = {
    socket.TCP_KEEPIDLE: PROBE_AFTER_SECONDS,
    socket.TCP_KEEPINTVL: PROBE_EVERY_SECONDS,
    socket.TCP_KEEPCNT: PROBES,
}
PERSISTENT = 2


# The broker is unavailable, refused the message, or its channel broke. The libraries agree on no common base.
BROKER_ERRORS = (OSError, KombuError, AMQPError, MessageNacked)


class Unroutable(Exception):
    """The broker took the message and found no queue for it."""


class Outcome(Enum):
    """What the broker said of one message."""

    CONFIRMED = auto()
    UNROUTABLE = auto()
    # A queue is full and says no, or the broker could not keep the message.
    REFUSED = auto()
    # It said nothing in time: a queue may have no leader, or the broker is gone. It may have the message or not.
    UNCONFIRMED = auto()


def open_connection(url: str) -> Connection:
    """A connection to the broker, opened when first used."""
    return Connection(
        plain_address(url),
        connect_timeout=CONNECT_TIMEOUT_SECONDS,
        heartbeat=HEARTBEAT_SECONDS,
        transport_options={"socket_settings": KEEPALIVE},
        **connection_options(url),
    )


@contextmanager
def leaving_when_lost(connection: Connection) -> Iterator[None]:
    """Drop a connection that is lost without a word: the broker's answer to a farewell would be waited for forever."""
    try:
        yield
    except BROKER_ERRORS:
        if connection.connected:
            connection.connection.collect()
        raise


class ConfirmedPublisher:
    """Publishes on a channel of its own; not for several threads at once.

    The messages of a batch go out one behind the other, and their confirms are waited for once: the broker writes them
    to disk together, and a batch costs one round trip.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._channel = connection.channel()
        self._channel.confirm_select()
        self._channel.events["basic_ack"].add(self._on_ack)
        self._channel.events["basic_nack"].add(self._on_nack)
        self._producer = Producer(self._channel, on_return=self._on_return)
        # The broker counts what a channel publishes; a confirm names the number.
        self._last_tag = 0
        self._unconfirmed: dict[int, str] = {}
        self._refused: set[str] = set()
        self._returned: set[str] = set()

    def publish_events(self, envelopes: Sequence[Envelope], queue: str | None = None) -> list[Outcome]:
        """Publish a batch and wait until the broker has answered for each, or the time is over; their outcomes, in the
        same order. ``queue``: straight into this one, and not to whoever subscribes.

        Raises one of BROKER_ERRORS when the connection is lost: any of them may have been taken, or none.
        """
        self._forget_outcomes()
        for envelope in envelopes:
            self._publish(
                envelope.body,
                exchange="" if queue else events_exchange(envelope.type),
                routing_key=queue or envelope.type,
                message_id=envelope.event_id,
                headers=envelope.headers,
                timestamp=int(envelope.time.timestamp()),
                type=envelope.type,
            )
        self._await_confirms()
        return [self._outcome(envelope.event_id) for envelope in envelopes]

    def to_queue(self, queue: str, body: bytes, message_id: str, headers: Mapping[str, Any]) -> None:
        """Put a message straight into a queue.

        Raises Unroutable when there is no such queue, and one of BROKER_ERRORS when the broker does not take it.
        """
        self._forget_outcomes()
        self._publish(body, exchange="", routing_key=queue, message_id=message_id, headers=dict(headers))
        self._await_confirms()
        outcome = self._outcome(message_id)
        if outcome is Outcome.UNROUTABLE:
            raise Unroutable(queue)
        if outcome is Outcome.REFUSED:
            raise MessageNacked
        if outcome is Outcome.UNCONFIRMED:
            raise TimeoutError

    def _forget_outcomes(self) -> None:
        self._unconfirmed.clear()  # what is confirmed late counts for nothing any more
        self._refused.clear()
        self._returned.clear()

    def _publish(self, body: bytes, **properties: Any) -> None:
        self._last_tag += 1
        self._unconfirmed[self._last_tag] = properties["message_id"]
        self._producer.publish(
            body,
            content_type=CONTENT_TYPE,
            content_encoding="utf-8",
            delivery_mode=PERSISTENT,
            mandatory=True,
            timeout=CONFIRM_TIMEOUT_SECONDS,
            **properties,
        )

    def _await_confirms(self) -> None:
        give_up = time.monotonic() + CONFIRM_TIMEOUT_SECONDS
        while self._unconfirmed:
            # never zero: zero would not wait, and what is here already still has to be read
            try:
                self._connection.drain_events(timeout=max(give_up - time.monotonic(), 0.001))
            except TimeoutError as error:
                if error.errno is not None:
                    raise  # the operating system has given the connection up
                return

    def _outcome(self, message_id: str) -> Outcome:
        if message_id in self._unconfirmed.values():
            return Outcome.UNCONFIRMED
        if message_id in self._refused:
            return Outcome.REFUSED
        return Outcome.UNROUTABLE if message_id in self._returned else Outcome.CONFIRMED

    def _on_ack(self, tag: int, multiple: bool) -> None:
        self._settle(tag, multiple)

    def _on_nack(self, tag: int, multiple: bool) -> None:
        self._refused.update(self._settle(tag, multiple))

    def _settle(self, tag: int, multiple: bool) -> list[str]:
        tags = [sent for sent in self._unconfirmed if sent <= tag] if multiple else [tag]
        return [self._unconfirmed.pop(sent) for sent in tags if sent in self._unconfirmed]

    def _on_return(self, _error: Any, _exchange: str, _routing_key: str, message: Any) -> None:
        self._returned.add(message.properties["message_id"])
