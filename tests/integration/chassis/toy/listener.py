"""The toy as an asynchronous consumer, with the gateway's listener: same queue, same effects as its worker."""

from __future__ import annotations

import asyncio
import os
import signal
from typing import Any

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert

from chassis.bus import publish
from chassis.bus.envelope import Delivery
from chassis.bus.topology import EventQueue, declare_queues
from chassis.service import Runtime
from chassis.settings import ServiceSettings
from gateway.events.listener import EventListener, EventSubscription
from gateway.store.database import GatewayDatabase
from gateway.store.forwarded import AsyncForwardedMessages
from tests.integration.chassis.toy import breakages, messages
from tests.integration.chassis.toy.service import INFRASTRUCTURE, WRITTEN, misbehave


class AsyncNotes:
    """The handler of ``toy.service.Notes``, asynchronous."""

    def __init__(self, database: GatewayDatabase) -> None:
        self._database = database

    async def heard(self, delivery: Delivery, event: Any) -> None:
        async with self._database.transaction() as connection:
            row = insert(INFRASTRUCTURE.inbox).values(consumer=delivery.queue, message_id=delivery.message_id)
            first = await connection.execute(row.on_conflict_do_nothing().returning(INFRASTRUCTURE.inbox.c.message_id))
            if os.environ.get("TOY_INBOX") != "off" and first.first() is None:
                return
            await connection.execute(
                text("insert into effect (note_id, subject, attempt) values (:note_id, :subject, :attempt)"),
                {"note_id": event.id, "subject": event.subject, "attempt": delivery.attempt},
            )
            misbehave(event.text, delivery.attempt)


def listen_until_told_to_stop(runtime: Runtime) -> None:
    breakages.arrange_in_listener()
    with publish.open_connection(runtime.suite.amqp_url.get_secret_value()) as connection:
        declare_queues(connection, [EventQueue("toy", WRITTEN)])  # with the steps of the short ladder
    asyncio.run(_listen(runtime))


async def _listen(runtime: Runtime) -> None:
    url = runtime.settings(ServiceSettings).database_url.get_secret_value()
    database = GatewayDatabase(url.replace("postgresql://", "postgresql+psycopg://", 1))
    subscription = EventSubscription(EventQueue("toy", WRITTEN), messages.NoteWritten, AsyncNotes(database).heard)
    forwarded = AsyncForwardedMessages(database, INFRASTRUCTURE.forwarded)
    listener = EventListener(runtime.suite.amqp_url.get_secret_value(), [subscription], forwarded, _prune_nothing)
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await listener.start()
    await stop.wait()
    await listener.stop()
    await database.close()


async def _prune_nothing() -> None:
    return
