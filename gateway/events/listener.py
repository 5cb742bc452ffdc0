"""Consumes the gateway's queues with aio-pika, beside the requests of the same process.

The broker may be absent at start and may go away at any time: the listener comes back by itself, and pages and API go
on meanwhile. A message is acknowledged only after it was handled, or stands safely on the retry ladder.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from functools import partial
from typing import Any

import aio_pika
from aio_pika.abc import AbstractIncomingMessage, AbstractRobustConnection

from chassis import telemetry
from chassis.bus.delivery import attempt_of, identity_of, is_first, next_move
from chassis.bus.envelope import message_id_of
from chassis.bus.publish import CONFIRM_TIMEOUT_SECONDS, HEARTBEAT_SECONDS
from gateway.events.event_handlers import HANDLED_EVENTS, HandledEvent, NotificationHandler

# Seconds between tries to reach a broker that was absent at start; afterwards aio-pika tries as often by itself.
RECONNECT_SECONDS = 2.0
# Few and small messages: enough to keep the database busy, few enough to go back to the queue when the process dies.
PREFETCH = 20
# Inbox rows are kept for days, so the hour does not matter.
PRUNE_SECONDS = 3600.0


class EventListener:
    """Hears the events of :data:`~gateway.events.event_handlers.HANDLED_EVENTS`."""

    def __init__(self, url: str, handler: NotificationHandler) -> None:
        self._url = url
        self._handler = handler
        self._connection: AbstractRobustConnection | None = None
        self._task: asyncio.Task[None] | None = None
        self._publisher: Any = None

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
        while True:
            try:
                await self._handler.prune()
            except Exception as error:
                telemetry.logger().warning("inbox not pruned", exc_info=error)
            await asyncio.sleep(PRUNE_SECONDS)

    async def _connect_until_done(self) -> None:
        while True:
            try:
                await self._connect()
                return
            except Exception as absent:  # whatever it is, the broker or its queues are not there yet
                telemetry.logger().warning("broker absent", exc_info=absent)
                await asyncio.sleep(RECONNECT_SECONDS)

    async def _connect(self) -> None:
        connection = await aio_pika.connect_robust(
            self._url, heartbeat=HEARTBEAT_SECONDS, reconnect_interval=RECONNECT_SECONDS
        )
        try:
            self._publisher = await connection.channel(publisher_confirms=True, on_return_raises=True)
            channel = await connection.channel()
            await channel.set_qos(prefetch_count=PREFETCH)
            for handled in HANDLED_EVENTS:
                # `migrate` declared the queue with all that belongs to it; consuming one that is absent fails loudly
                queue = await channel.get_queue(handled.queue.name)
                await queue.consume(partial(self._handle, handled))
        except BaseException:
            await connection.close()
            raise
        self._connection = connection
        telemetry.logger().info("listener consumes", count=len(HANDLED_EVENTS))

    async def _handle(self, handled: HandledEvent, message: AbstractIncomingMessage) -> None:
        try:
            outcome = await self._outcome(handled, message)
        except Exception as error:
            # no place confirmed it, so the broker has to keep it: it counts toward the delivery limit
            telemetry.logger().warning("event not sent on", queue=handled.queue.name, exc_info=error)
            await message.reject(requeue=True)
            return
        telemetry.EVENTS.labels(handled.queue.name, outcome).inc()
        await message.ack()

    async def _outcome(self, handled: HandledEvent, message: AbstractIncomingMessage) -> str:
        """Raises when the message could be neither handled nor sent on."""
        if await self._was_forwarded(handled, message):
            return "repeated"
        try:
            await self._handler.notify(handled, _message_id(message), message.body)
        except Exception as error:
            return await self._move_on(handled, message, error)
        return "handled"

    async def _move_on(self, handled: HandledEvent, message: AbstractIncomingMessage, error: Exception) -> str:
        """Send the message to its next place; acknowledged only after the broker confirmed it."""
        if await self._was_forwarded(handled, message):
            return "repeated"
        if is_first(message.headers, message.redelivered):
            await self._handler.forget_forwarded(handled, _identity(message))
        move = next_move(handled.queue, message.headers, error, time.time())
        telemetry.logger().warning(
            "event failed",
            queue=handled.queue.name,
            outcome=move.outcome,
            message_id=_message_id(message),
            exc_info=error,
        )
        copy = aio_pika.Message(
            message.body,
            headers=move.headers,
            message_id=_message_id(message),
            content_type=message.content_type,
            content_encoding=message.content_encoding,
            delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
        )
        await self._publisher.default_exchange.publish(
            copy, move.queue, mandatory=True, timeout=CONFIRM_TIMEOUT_SECONDS
        )
        await self._handler.note_forwarded(handled, _identity(message), attempt_of(message.headers))
        return move.outcome

    async def _was_forwarded(self, handled: HandledEvent, message: AbstractIncomingMessage) -> bool:
        """Its copy went on, and then the acknowledgement was lost: the copy is the message now."""
        if is_first(message.headers, message.redelivered):
            return False  # only a failed message pays for the question
        return await self._handler.last_forwarded(handled, _identity(message)) >= attempt_of(message.headers)


def _identity(message: AbstractIncomingMessage) -> str:
    return identity_of(_message_id(message), message.body)


def _message_id(message: AbstractIncomingMessage) -> str:
    return message_id_of(message.headers, {"message_id": message.message_id})
