"""nameko's consumers, which say whether they consume at this moment: what a worker's readiness asks of the broker."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

from kombu import Connection
from nameko.constants import CALL_ID_STACK_CONTEXT_KEY
from nameko.exceptions import MalformedRequest, serialize
from nameko.messaging import QueueConsumer
from nameko.rpc import Rpc, RpcConsumer

from chassis import telemetry
from chassis.bus.call_connection import send_answer
from chassis.bus.envelope import CONTENT_TYPE
from chassis.bus.publish import BROKER_ERRORS, leaving_when_lost, open_connection

# Calls of one service that one worker answers at once; those behind them stay with the broker, for any worker to take.
CALLS_AT_ONCE = 10
# Between two tries to reach a broker that is away: as the gateway's listener, and soon enough for a person who waits.
RECONNECT_SECONDS = 2.0


class ConsumerLiveness:
    """Put before nameko's QueueConsumer: ``consuming`` holds from the broker's answer until the connection is lost.

    A connection that is lost under an acknowledgement ends nothing: the broker has the message again, and the consumer
    finds out by itself. nameko guards against its AMQP library's own error alone, and a socket that is gone, which
    raises OSError, ended the worker.
    """

    # What it takes: a word for the answer of ``/livez``.
    takes = ""
    amqp_uri: str
    consuming = False
    # How often its loop went round: every second while it has nothing to do, and at each try to reach a broker that is
    # away.
    rounds = 0

    @property
    def connection(self) -> Connection:
        """nameko's own waits without end for a broker that does not answer."""
        return open_connection(self.amqp_uri)

    def on_iteration(self) -> None:
        self.rounds += 1
        super().on_iteration()  # type: ignore[misc]  # the consumer's

    def on_connection_error(self, *failure: Any) -> None:
        self.rounds += 1
        super().on_connection_error(*failure)  # type: ignore[misc]  # the consumer's

    @contextmanager
    def establish_connection(self) -> Iterator[Connection]:
        """kombu's own takes its leave of a connection that is lost, and waits without end for the answer."""
        with self.create_connection() as connection:  # type: ignore[attr-defined]  # the consumer's
            connection.ensure_connection(
                self.on_connection_error,
                interval_start=RECONNECT_SECONDS,
                interval_step=0,
            )
            with leaving_when_lost(connection):
                yield connection

    @contextmanager
    def extra_context(self, _connection: Any, _channel: Any) -> Iterator[None]:
        self.consuming = True
        try:
            yield
        finally:
            self.consuming = False

    def ack_message(self, message: Any) -> None:
        with suppress(*BROKER_ERRORS):
            super().ack_message(message)  # type: ignore[misc]  # the consumer's

    def requeue_message(self, message: Any) -> None:
        with suppress(*BROKER_ERRORS):
            super().requeue_message(message)  # type: ignore[misc]  # the consumer's


class RpcQueueConsumer(ConsumerLiveness, QueueConsumer):  # type: ignore[misc]  # nameko has no types
    """Takes the calls of one service."""

    takes = "calls"
    prefetch_count = CALLS_AT_ONCE

    def get_consumers(self, consumer_cls: Any, channel: Any) -> Any:
        return super().get_consumers(partial(consumer_cls, on_message=self._take), channel)

    def _take(self, message: Any) -> None:
        """Read the body ourselves: of what is no JSON, kombu decodes whatever ``content_encoding`` says, zlib too."""
        [consumer] = self._providers
        try:
            if message.content_type != CONTENT_TYPE:
                raise ValueError
            body = json.loads(message.body)
        except (ValueError, RecursionError) as error:
            self.on_decode_error(message, error)
        else:
            self.handle_message(consumer, body, message)

    def on_decode_error(self, message: Any, _error: Exception) -> None:
        """kombu's own way is to log such a call and acknowledge it: its caller would wait in vain."""
        [consumer] = self._providers
        self.container.spawn_managed_thread(partial(consumer.refuse, message), identifier="undecodable")


class SafeRpcConsumer(RpcConsumer):  # type: ignore[misc]  # nameko has no types
    """Hands calls to their methods, and their answers back."""

    queue_consumer = RpcQueueConsumer()

    def refuse(self, message: Any) -> None:
        self.handle_result(message, None, (MalformedRequest, MalformedRequest("The call cannot be read."), None))

    def handle_result(self, message: Any, result: Any, exc_info: Any) -> Any:
        """Answer and acknowledge over the connection of the call, in this order.

        When it is lost, both are or the acknowledgement alone is, and the call is run again: so no confirm is waited
        for, as nameko's own answers do on a connection of their own.
        """
        if message.properties.get("reply_to"):
            error = serialize(exc_info[1]) if exc_info else None
            with suppress(*BROKER_ERRORS):
                send_answer(message, {"result": result, "error": error})
        else:  # nameko's own would end the worker, and the next, and the next
            telemetry.get_logger().warning("call without a reply address")
        self.queue_consumer.ack_message(message)
        return result, exc_info


class PlainHeaders:
    """Put before an entrypoint: takes the names of the calls before this one from nobody.

    nameko joins them for a log line, where anything but a list of texts ends the worker, and the next, and the next.
    """

    def unpack_message_headers(self, message: Any) -> dict[str, Any]:
        headers: dict[str, Any] = super().unpack_message_headers(message)  # type: ignore[misc]  # the entrypoint's
        headers.pop(CALL_ID_STACK_CONTEXT_KEY, None)
        return headers


class SafeRpc(PlainHeaders, Rpc):  # type: ignore[misc]  # nameko has no types
    """The entrypoint of one method."""

    rpc_consumer = SafeRpcConsumer()

    def check_signature(self, args: Any, kwargs: Any) -> None:
        """nameko's own asks Python for the method's signature at each call, which costs more than the rest of it."""
        if not (isinstance(args, list) and len(args) == 1 and kwargs == {}):
            super().check_signature(args, kwargs)


rpc = SafeRpc.decorator
