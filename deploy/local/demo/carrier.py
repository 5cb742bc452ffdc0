"""An outside carrier: receives events with nothing but an AMQP library (py-amqp), from the queue of its feed."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import amqp
from amqp.exceptions import AMQPError
from kombu.utils.url import parse_url

from chassis.bus.topology import FeedQueue
from chassis.db import Database
from chassis.feeds import Feeds
from chassis.relay import load_events
from deploy.local.keys import SERVICES

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
    queue: str
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
            self._prepare(channel)
            channel.basic_consume(self.queue, callback=self._on_message)
            self._ready.set()
            while not self._stop.is_set():
                try:
                    connection.drain_events(timeout=WAIT_SECONDS)
                except socket.timeout:  # noqa: UP041  # py-amqp documents this name
                    connection.heartbeat_tick()

    def _prepare(self, channel: Any) -> None:
        """The suite has declared the queue."""

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


@contextmanager
def carrier_with_feed(amqp_url: str, databases: Mapping[str, str], feed: str) -> Iterator[DemoCarrier]:
    """A carrier that hears every event of a suite until the block ends; with an operator, who adds its feed and removes
    it. ``databases``: their URLs by service.
    """
    opened = {service: Database(databases[service]) for service in SERVICES}
    registry = Feeds(opened, amqp_url)
    registry.add(feed, [event_type for service in SERVICES for event_type in load_events(service)])
    carrier = DemoCarrier(amqp_url, FeedQueue(feed).name)
    try:
        yield carrier
    finally:
        carrier.close()
        registry.remove(feed)
        for database in opened.values():
            database.close()
