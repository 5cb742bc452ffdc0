"""Copies of everything that goes through the broker, and the dead letters that lie there."""

from __future__ import annotations

import json
import socket
import threading
from dataclasses import dataclass, field
from typing import Any

import amqp

from chassis.bus.topology import DEAD_EXCHANGE
from deploy.local.waiting import wait_until
from tests.canary.product import open_channel

EVENTS = ("quote.events", "enrollment.events", "pcp.events", "payment.events", "documents.events")
CALLS = ("nameko-rpc",)
WAIT_SECONDS = 0.3
PATIENCE_SECONDS = 60.0


@dataclass(frozen=True)
class Copy:
    """One message: through which exchange, to which key, and all that it carried."""

    exchange: str
    key: str
    content: bytes


@dataclass
class MessageCopies:
    """Listens until closed; what it takes is acknowledged at once, so that the broker keeps nothing for its sake."""

    amqp_url: str
    exchanges: tuple[str, ...]
    copies: list[Copy] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._listen, name="copies", daemon=True)
        self._thread.start()
        if not self._ready.wait(PATIENCE_SECONDS):
            raise TimeoutError("the broker did not answer")

    @property
    def contents(self) -> list[bytes]:
        return [one.content for one in list(self.copies)]

    def close(self) -> None:
        self._stop.set()
        self._thread.join(10)

    def _listen(self) -> None:
        with open_channel(self.amqp_url) as channel:
            queue = channel.queue_declare(exclusive=True).queue
            for exchange in self.exchanges:
                channel.queue_bind(queue, exchange, routing_key="#")
            channel.basic_consume(queue, no_ack=True, callback=self._take)
            self._ready.set()
            while not self._stop.is_set():
                try:
                    channel.connection.drain_events(timeout=WAIT_SECONDS)
                except socket.timeout:  # noqa: UP041  # py-amqp documents this name
                    continue

    def _take(self, message: Any) -> None:
        info = message.delivery_info
        self.copies.append(Copy(info["exchange"], info["routing_key"], whole(message)))


def whole(message: Any) -> bytes:
    """Headers, properties and body."""
    body = message.body if isinstance(message.body, bytes) else str(message.body).encode()
    return json.dumps([message.properties, message.headers], default=str).encode() + b"\n" + body


def spoil_event(amqp_url: str, event: Copy, queue: str, planted: bytes) -> bytes:
    """Send an event of the suite once more, so that its consumer can make nothing of it; the dead letter that comes of
    it is read and left there. With it another message, which holds what a scan has to find."""
    with open_channel(amqp_url) as channel:
        body = event.content.partition(b"\n")[2]
        for spoiled in (b"{" + body, planted):
            message = amqp.Message(spoiled, content_type="application/json", message_id=f"spoiled-{hash(spoiled)}")
            channel.basic_publish(message, exchange="", routing_key=queue)
        found: list[bytes] = []

        def dead() -> bool:
            while letter := channel.basic_get(f"{queue}.dead"):
                found.append(whole(letter))
            return len(found) >= 2

        assert wait_until(dead, PATIENCE_SECONDS), f"{len(found)} dead letters through {DEAD_EXCHANGE.name}"
        channel.basic_recover(requeue=True)
        return b"\n".join(found)


def drop_dead_letters(amqp_url: str, queue: str) -> None:
    with open_channel(amqp_url) as channel:
        channel.queue_purge(f"{queue}.dead")
