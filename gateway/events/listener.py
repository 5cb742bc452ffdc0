"""Consumes the gateway's queues with aio-pika, beside the requests of the same process.

The broker may be absent at start and may go away at any time: the listener comes back by itself, and pages and API go
on meanwhile. A message is acknowledged only after it was handled, or stands safely on the retry ladder.
"""

from __future__ import annotations

import asyncio
import contextlib
from functools import partial
from typing import Any

import aio_pika
from aio_pika.abc import AbstractIncomingMessage, AbstractRobustConnection

from chassis import telemetry
from chassis.bus.publish import CONFIRM_TIMEOUT_SECONDS, HEARTBEAT_SECONDS
from chassis.bus.topology import RETRY_LADDER
from gateway.events.heard import HEARD, Bell, Heard, Poison

# Seconds between tries to reach a broker that was absent at start; afterwards aio-pika tries as often by itself.
RECONNECT_SECONDS = 2.0
# Few and small messages: enough to keep the database busy, few enough to go back to the queue when the process dies.
PREFETCH = 20
# Inbox rows are kept for days, so the hour does not matter.
PRUNE_SECONDS = 3600.0
# The headers of chassis.bus.subscribe, which this un-patched process must not import (it brings nameko and eventlet).
ATTEMPT = "x-suite-attempt"
REASON = "x-suite-reason"


class EventListener:
    """Hears the events of :data:`~gateway.events.heard.HEARD`."""

    def __init__(self, url: str, bell: Bell) -> None:
        self._url = url
        self._bell = bell
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
                await self._bell.forget()
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
            for heard in HEARD:
                # `migrate` declared the queue with all that belongs to it; consuming one that is absent fails loudly
                queue = await channel.get_queue(heard.queue.name)
                await queue.consume(partial(self._handle, heard))
        except BaseException:
            await connection.close()
            raise
        self._connection = connection
        telemetry.logger().info("listener consumes", count=len(HEARD))

    async def _handle(self, heard: Heard, message: AbstractIncomingMessage) -> None:
        try:
            await self._bell.ring(heard, message.message_id or "", message.body)
        except Poison as poison:
            self._log(heard, message, "dead", poison)
            await message.reject(requeue=False)  # the queue's own dead-lettering takes it to <queue>.dead
            telemetry.EVENTS.labels(heard.queue.name, "dead").inc()
        except Exception as error:
            await self._later(heard, message, error)
        else:
            await message.ack()
            telemetry.EVENTS.labels(heard.queue.name, "handled").inc()

    async def _later(self, heard: Heard, message: AbstractIncomingMessage, error: Exception) -> None:
        """Put the message on the retry ladder; acknowledged only after the broker confirmed its next place."""
        attempt = int(str(message.headers.get(ATTEMPT, 1)))
        hopeless = attempt > len(RETRY_LADDER)
        self._log(heard, message, "dead" if hopeless else "retry", error)
        copy = aio_pika.Message(
            message.body,
            headers={**message.headers, ATTEMPT: attempt + 1, REASON: type(error).__name__},
            message_id=message.message_id,
            content_type=message.content_type,
            delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
        )
        try:
            await self._publisher.default_exchange.publish(
                copy, self._next_place(heard, attempt), mandatory=True, timeout=CONFIRM_TIMEOUT_SECONDS
            )
        except Exception:
            await message.reject(requeue=True)
            return
        await message.ack()
        telemetry.EVENTS.labels(heard.queue.name, "dead" if hopeless else "retry").inc()

    def _next_place(self, heard: Heard, attempt: int) -> str:
        if attempt > len(RETRY_LADDER):
            return str(heard.queue.dead.name)
        delay = RETRY_LADDER[attempt - 1]
        return str(heard.queue.retry(delay).name) if delay else heard.queue.name

    def _log(self, heard: Heard, message: AbstractIncomingMessage, outcome: str, error: Exception) -> None:
        telemetry.logger().warning(
            "event failed", queue=heard.queue.name, outcome=outcome, message_id=message.message_id, exc_info=error
        )
