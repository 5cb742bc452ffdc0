"""An outside carrier: receives events with nothing but an AMQP library (py-amqp), on a queue of its own."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import amqp
from amqp.exceptions import AMQPError
from kombu.utils.url import parse_url

EXCHANGES = ("enrollment.events", "payment.events", "documents.events", "pcp.events")
# How long one wait for a message may take before the carrier looks whether it should stop.
WAIT_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class ReceivedEvent:
    """One event as it came: CloudEvents id, type and subject from the headers, the JSON body."""

    event_id: str
    type: str
    subject: str
    body: Mapping[str, Any]


@dataclass
class DemoCarrier:
    """Listens in a thread until closed. The queue is durable, so nothing is missed while the broker restarts."""

    amqp_url: str
    queue: str = "demo-carrier.all"
    events: list[ReceivedEvent] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._thread = threading.Thread(target=self._listen, name="carrier", daemon=True)
        self._ready = threading.Event()
        self._thread.start()
        if not self._ready.wait(30):
            raise TimeoutError("the carrier cannot reach the broker")

    def distinct(self, subject: str) -> list[ReceivedEvent]:
        """The events of one application; a repeated delivery has the same id and counts once."""
        return list({event.event_id: event for event in self.events if event.subject == subject}.values())

    def wait_for(self, event_type: str, subject: str, seconds: float = 60.0) -> ReceivedEvent:
        give_up = time.monotonic() + seconds
        while time.monotonic() < give_up:
            for event in self.distinct(subject):
                if event.type == event_type:
                    return event
            time.sleep(0.1)
        raise TimeoutError(f"{event_type} for {subject} did not come within {seconds:.0f} s")

    def close(self) -> None:
        self._stop.set()
        self._thread.join(10)

    def _listen(self) -> None:
        while not self._stop.is_set():
            try:
                self._listen_once()
            except (AMQPError, OSError):
                self._stop.wait(1)

    def _listen_once(self) -> None:
        parts = parse_url(self.amqp_url)
        with (
            amqp.Connection(
                f"{parts['hostname']}:{parts['port'] or 5672}",
                userid=parts["userid"] or "guest",
                password=parts["password"] or "guest",
                virtual_host=parts["virtual_host"] or "/",
                heartbeat=10,
            ) as connection,
            connection.channel() as channel,
        ):
            # Expires by itself: a demo that was killed leaves no queue that fills for ever. Classic, because a quorum
            # queue that is only seconds old when a single node is killed may not come back (docs/adr/0004), and a
            # publisher waits for the confirm of every queue that is bound.
            arguments = {"x-queue-type": "classic", "x-expires": 600_000}
            channel.queue_declare(self.queue, durable=True, auto_delete=False, arguments=arguments)
            for exchange in EXCHANGES:
                channel.exchange_declare(exchange, "topic", durable=True, auto_delete=False)
                channel.queue_bind(self.queue, exchange, routing_key="#")
            channel.basic_consume(self.queue, callback=self._on_message)
            self._ready.set()
            while not self._stop.is_set():
                try:
                    connection.drain_events(timeout=WAIT_SECONDS)
                except socket.timeout:  # noqa: UP041  # py-amqp documents this name
                    connection.heartbeat_tick()

    def _on_message(self, message: Any) -> None:
        headers = message.headers
        self.events.append(
            ReceivedEvent(
                headers["cloudEvents:id"],
                headers["cloudEvents:type"],
                headers["cloudEvents:subject"],
                json.loads(message.body),
            )
        )
        message.channel.basic_ack(message.delivery_tag)
