"""Kept connections over which calls go out in nameko's protocol, one at a time, and their answers come back.

The answer comes by RabbitMQ's direct reply-to: no reply queue, no confirm and no acknowledgement, which together cost
five times as much as the call itself. Nothing is lost by that: whatever fails on the way ends in the caller's deadline,
as a call without a listener does, and only calls that may be repeated go over the bus.
"""

from __future__ import annotations

import json
import math
import queue
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from amqp import spec
from kombu import Connection

from chassis.bus.broker_address import connection_options, plain_address
from chassis.bus.envelope import CONTENT_TYPE
from chassis.bus.publish import BROKER_ERRORS, CONNECT_TIMEOUT_SECONDS, KEEPALIVE
from chassis.kernel import new_id

R = TypeVar("R")

# Names of nameko's protocol.
EXCHANGE = "nameko-rpc"
CONTEXT_PREFIX = "nameko."
# Names of RabbitMQ's. The broker makes of the first what the callee sees, which begins with it.
DIRECT_REPLY = "amq.rabbitmq.reply-to"
TRANSIENT = 1
# How often a long wait looks whether it was told to end.
LOOK_SECONDS = 1.0


class NoListener(Exception):
    """The broker knows no service of that name."""


class NoAnswer(Exception):
    """None in time."""


@dataclass(slots=True, eq=False)
class Call:
    """``give_up_at``: by the monotonic clock; may be moved ahead while it waits."""

    service: str
    method: str
    argument: Mapping[str, Any]
    context: Mapping[str, Any]
    give_up_at: float


class CallConnection:
    """A connection and its channel; for one caller at a time."""

    def __init__(self, url: str) -> None:
        # Without heartbeats: nobody reads while it lies idle, and a connection that died meanwhile is found out then. A
        # call that waits on a dead path fails by the system's probes, and is sent again.
        self._connection = Connection(
            plain_address(url),
            connect_timeout=CONNECT_TIMEOUT_SECONDS,
            transport_options={"socket_settings": KEEPALIVE},
            **connection_options(url),
        )
        self._channel = self._connection.channel()
        self._channel.events["basic_return"].add(self._on_return)
        self._channel.basic_consume(DIRECT_REPLY, no_ack=True, callback=self._on_answer)
        self._awaited = ""
        self._answer: Any = None

    def send(self, call: Call) -> dict[str, Any]:
        """What came back, in nameko's shape. Raises NoListener, NoAnswer or one of BROKER_ERRORS."""
        self._awaited, self._answer = new_id(), None
        left = call.give_up_at - time.monotonic()
        message = self._channel.prepare_message(
            json.dumps({"args": [call.argument], "kwargs": {}}),
            content_type=CONTENT_TYPE,
            content_encoding="utf-8",
            headers={CONTEXT_PREFIX + name: value for name, value in call.context.items()},
            properties={
                "reply_to": DIRECT_REPLY,
                "correlation_id": self._awaited,
                "delivery_mode": TRANSIENT,
                # a queue drops by itself what nobody waits for any more, so that late work makes no later work
                "expiration": str(max(int(left * 1000), 0)),
            },
        )
        self._channel.basic_publish(
            message, exchange=EXCHANGE, routing_key=f"{call.service}.{call.method}", mandatory=True
        )
        while self._answer is None:
            self._read(call)
        if isinstance(self._answer, NoListener):
            raise self._answer
        answer: dict[str, Any] = json.loads(self._answer)
        return answer

    def close(self) -> None:
        try:
            self._connection.release()
        except BROKER_ERRORS:
            return  # it was gone already

    def _read(self, call: Call) -> None:
        left = call.give_up_at - time.monotonic()
        if left <= 0:
            raise NoAnswer
        try:
            self._connection.drain_events(timeout=min(left, LOOK_SECONDS))
        except TimeoutError as error:
            if error.errno is not None:
                raise  # the operating system has given the connection up

    def _on_answer(self, message: Any) -> None:
        if message.properties.get("correlation_id") == self._awaited:
            self._answer = message.body

    def _on_return(self, _error: Any, _exchange: str, _routing_key: str, message: Any) -> None:
        if message.properties.get("correlation_id") == self._awaited:
            self._answer = NoListener()


class CallConnections:
    """As many connections as there are calls at once, kept from one call to the next."""

    def __init__(self, open_connection: Callable[[], CallConnection]) -> None:
        self._open = open_connection
        self._idle: queue.LifoQueue[CallConnection] = queue.LifoQueue()
        self._waiting: set[Call] = set()
        self._give_up_at = math.inf

    def give_up_within(self, seconds: float) -> None:
        self._give_up_at = time.monotonic() + seconds
        for call in tuple(self._waiting):
            call.give_up_at = min(call.give_up_at, self._give_up_at)

    def send(self, call: Call) -> dict[str, Any]:
        """As ``CallConnection.send``; over a new one where a kept one turns out to be gone."""
        call.give_up_at = min(call.give_up_at, self._give_up_at)
        self._waiting.add(call)
        try:
            return self._send(call)
        finally:
            self._waiting.discard(call)

    def _send(self, call: Call) -> dict[str, Any]:
        try:
            return self._send_over(self._idle.get_nowait(), call)
        except queue.Empty:
            pass
        except BROKER_ERRORS:
            self.close()  # the broker was away: those that lay beside it are gone as well
        return self._send_over(self._open(), call)

    def _send_over(self, connection: CallConnection, call: Call) -> dict[str, Any]:
        try:
            answer = connection.send(call)
        except NoListener:
            self._idle.put(connection)
            raise
        except (NoAnswer, *BROKER_ERRORS):
            connection.close()
            raise
        self._idle.put(connection)
        return answer

    def close(self) -> None:
        while True:
            try:
                self._idle.get_nowait().close()
            except queue.Empty:
                return


def send_answer(call: Any, answer: Mapping[str, Any]) -> None:
    """Answer a received call over its own channel, at the address that the caller gave: a queue of its own, as nameko
    makes them, or a direct reply.
    """
    channel, address = call.channel, call.properties["reply_to"]
    message = channel.prepare_message(
        json.dumps(answer),
        content_type=CONTENT_TYPE,
        content_encoding="utf-8",
        properties={"correlation_id": call.properties.get("correlation_id", ""), "delivery_mode": TRANSIENT},
    )
    exchange = "" if address.startswith(DIRECT_REPLY) else EXCHANGE
    # not ``basic_publish``: that also reads from the connection, which is for the consumer alone to read
    channel.send_method(spec.Basic.Publish, "Bssbb", (0, exchange, address, False, False), message)
