"""Consumes queues with aio-pika, beside the requests of the same process.

The broker may be absent at start and may go away at any time: the listener comes back by itself, and pages and API go
on meanwhile. A message is acknowledged only after it was handled, or is safe in its next queue. What becomes of
a message is decided in ``chassis.bus.delivery``, as for the services' workers.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage, AbstractRobustConnection
from aio_pika.exceptions import CONNECTION_EXCEPTIONS
from google.protobuf.message import Message

from chassis import failpoints, telemetry
from chassis.bus.broker_address import make_context, plain_address
from chassis.bus.delivery import ReceivedMessage, RetryDecision
from chassis.bus.envelope import CONTENT_TYPE, Delivery
from chassis.bus.publish import CONFIRM_TIMEOUT_SECONDS, CONNECT_TIMEOUT_SECONDS, HEARTBEAT_SECONDS
from chassis.bus.topology import EventQueue
from chassis.db.forwarded import FailedAttempt

# Seconds between tries to reach a broker that was absent at start; afterwards aio-pika tries as often by itself.
RECONNECT_SECONDS = 2.0
# Few and small messages: enough to keep the database busy, few enough to go back to the queue when the process dies.
PREFETCH = 20
# Inbox rows are kept for days, so the hour does not matter.
PRUNE_SECONDS = 3600.0
# Seconds between two signs of life.
LOOK_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class EventSubscription:
    """One event type, and what is done then. The handler has to be safe to run twice."""

    queue: EventQueue
    message: type[Message]
    handler: Callable[[Delivery, Any], Awaitable[None]]


class AsyncForwarded(Protocol):
    """Remembers, for longer than any message lives, which attempt of a failed message was sent on."""

    async def attempt(self, queue: str, message_id: str) -> int: ...
    async def send_once(self, message: FailedAttempt, send: Callable[[], Awaitable[None]]) -> bool: ...


class EventListener:
    """Consumes the queues of its subscriptions, which ``migrate`` declared."""

    def __init__(
        self,
        url: str,
        subscriptions: Sequence[EventSubscription],
        forwarded: AsyncForwarded,
        prune: Callable[[], Awaitable[None]],
    ) -> None:
        """``prune``: drops what is remembered of messages that no repeat can reach any more; called every hour."""
        self._url = url
        self._subscriptions = subscriptions
        self._forwarded = forwarded
        self._prune = prune
        self._connection: AbstractRobustConnection | None = None
        self._task: asyncio.Task[None] | None = None
        self._publisher: AbstractChannel | None = None
        # How often its loop went round: it looks every few seconds, whether or not the broker is there.
        self.rounds = 0

    @property
    def connected(self) -> bool:
        return self._connection is not None and self._connection.connected.is_set()

    async def start(self) -> None:
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        if self._task:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        if self._connection:
            await self._connection.close()

    async def _run(self) -> None:
        await self._connect_until_done()
        prune_at = time.monotonic()
        while True:
            self.rounds += 1
            if time.monotonic() >= prune_at:
                prune_at = time.monotonic() + PRUNE_SECONDS
                await self._prune_or_log()
            await asyncio.sleep(LOOK_SECONDS)

    async def _prune_or_log(self) -> None:
        try:
            await self._prune()
        except Exception as error:  # the next hour tries again
            telemetry.get_logger().warning("inbox not pruned", exc_info=error)

    async def _connect_until_done(self) -> None:
        while True:
            try:
                await self._connect()
                return
            except Exception as absent:  # whatever it is, the broker or its queues are not there yet
                self.rounds += 1
                telemetry.get_logger().warning("broker absent", exc_info=absent)
                await asyncio.sleep(RECONNECT_SECONDS)

    async def _connect(self) -> None:
        connection = await aio_pika.connect_robust(
            plain_address(self._url),
            ssl_context=make_context(self._url),
            timeout=CONNECT_TIMEOUT_SECONDS,
            heartbeat=HEARTBEAT_SECONDS,
            reconnect_interval=RECONNECT_SECONDS,
        )
        try:
            self._publisher = await connection.channel(publisher_confirms=True, on_return_raises=True)
            channel = await connection.channel()
            await channel.set_qos(prefetch_count=PREFETCH)
            for subscription in self._subscriptions:
                # consuming a queue that is absent fails loudly
                queue = await channel.get_queue(subscription.queue.name)
                await queue.consume(partial(self._consume, subscription))
        except BaseException:
            await connection.close()
            raise
        self._connection = connection
        telemetry.get_logger().info("listener consumes", count=len(self._subscriptions))

    async def _consume(self, subscription: EventSubscription, message: AbstractIncomingMessage) -> None:
        try:
            outcome = await self._outcome(subscription, received_from(subscription.queue, message))
        except Exception as error:
            # no place confirmed it, so the broker has to keep it: it counts toward the delivery limit
            telemetry.get_logger().warning("event not sent on", queue=subscription.queue.name, exc_info=error)
            await _settle(message.reject(requeue=True))
            return
        telemetry.EVENTS.labels(subscription.queue.name, outcome).inc()
        await _settle(message.ack())

    async def _outcome(self, subscription: EventSubscription, received: ReceivedMessage) -> str:
        """Raises when the message could be neither handled nor sent on."""
        if await self._was_forwarded(received):
            return "repeated"
        telemetry.start_trace(received.headers.get("traceparent"))
        try:
            await subscription.handler(*received.parse(subscription.message))
        except Exception as error:
            return await self._move_on(received, error)
        failpoints.trigger_failpoint("after commit before ack", subscription.queue.name)
        return "handled"

    async def _move_on(self, received: ReceivedMessage, error: Exception) -> str:
        """Send a failed message to its next place; it is acknowledged only after the broker confirmed that place."""
        decision = received.decide_retry(error, time.time(), telemetry.trace_headers())
        if not await self._forwarded.send_once(received.failed, partial(self._publish, received, decision, error)):
            return "repeated"  # its copy is on the way
        failpoints.trigger_failpoint("after note before ack", received.queue.name)
        return decision.outcome

    async def _publish(self, received: ReceivedMessage, decision: RetryDecision, error: Exception) -> None:
        """Raises unless the broker confirmed the copy in a queue."""
        if self._publisher is None:
            raise ConnectionError("no channel to publish on")
        telemetry.get_logger().warning("event failed", exc_info=error, **received.log_fields(decision))
        copy = aio_pika.Message(
            received.body,
            headers=decision.headers,
            message_id=received.message_id,
            content_type=CONTENT_TYPE,
            content_encoding="utf-8",
            delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
        )
        await self._publisher.default_exchange.publish(
            copy, decision.queue, mandatory=True, timeout=CONFIRM_TIMEOUT_SECONDS
        )
        failpoints.trigger_failpoint("after publish before note", received.queue.name)

    async def _was_forwarded(self, received: ReceivedMessage) -> bool:
        """Its copy went on, and then the acknowledgement was lost: the copy is the message now."""
        if received.is_first_delivery:
            return False  # only a failed message pays for the question
        return await self._forwarded.attempt(received.queue.name, received.identity) >= received.attempt


def received_from(queue: EventQueue, message: AbstractIncomingMessage) -> ReceivedMessage:
    """From a message of aio-pika, which leaves the body as it came."""
    return ReceivedMessage.of(queue, message.body, message.headers, message.message_id, redelivered=message.redelivered)


async def _settle(answer: Awaitable[None]) -> None:
    """A connection that is lost under an acknowledgement is no fault: the broker has the message again."""
    try:
        await answer
    except CONNECTION_EXCEPTIONS as lost:
        telemetry.get_logger().warning("message not acknowledged", exc_info=lost)
