"""Events from a real broker become notifications, each once, whatever happens to the broker."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from google.protobuf import json_format
from google.protobuf.message import Message
from kombu import Connection
from sqlalchemy.ext.asyncio import AsyncConnection
from suite.common.v1 import common_pb2
from suite.enrollment.v1 import enrollment_events_pb2
from suite.payment.v1 import payment_events_pb2

from chassis.bus import publish, topology
from chassis.bus.headers import ATTEMPT, FIRST_FAILURE, REASON
from chassis.db.database import database_away
from chassis.kernel import FixedClock
from gateway.events.event_handlers import NOTIFIED_EVENTS, notification_listener
from gateway.events.listener import EventListener
from gateway.notifications.messages import describe_notification, link_to_subject
from gateway.store import notifications
from gateway.store.database import GatewayDatabase
from tests.integration.chassis.nodes import BrokerNode
from tests.integration.gateway.harness import GatewayHarness

PRODUCER = "00000000-0000-4000-8000-000000000001"
DELEGATE = "00000000-0000-4000-8000-000000000002"
_BY_TYPE = {notified.event_type: notified for notified in NOTIFIED_EVENTS}
SUBMITTED = _BY_TYPE["enrollment.application.submitted.v1"]
FAILED = _BY_TYPE["enrollment.application.submission_failed.v1"]
CANCELLED = _BY_TYPE["enrollment.application.cancelled.v1"]
TERMINATED = _BY_TYPE["enrollment.coverage.terminated.v1"]
EXPIRED = _BY_TYPE["enrollment.application.expired.v1"]
PAID = _BY_TYPE["payment.payment.succeeded.v1"]


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrokerNode]:
    node = BrokerNode(Path(tmp_path_factory.mktemp("gateway-broker")))
    node.start()
    with publish.open_connection(node.amqp_url) as connection:
        topology.declare_queues(connection, [notified.queue for notified in NOTIFIED_EVENTS])
    node.settle()
    yield node
    node.stop()


@pytest.fixture
def db_url(gateway_url: str, gateway_portal: GatewayHarness) -> str:
    """The database of the portal, emptied."""
    return gateway_url.replace("postgresql://", "postgresql+psycopg://", 1)


def send(
    broker: BrokerNode, queue: str, event: Message | bytes, message_id: str, headers: Mapping[str, Any] | None = None
) -> None:
    body = event if isinstance(event, bytes) else json_format.MessageToJson(event).encode()
    with publish.open_connection(broker.amqp_url) as connection:
        publish.ConfirmedPublisher(connection).to_queue(queue, body, message_id, headers or {})


def depth(broker: BrokerNode, queue: str) -> int:
    with Connection(broker.amqp_url) as connection, connection.channel() as channel:
        return topology.count_ready(channel, queue)


class BrokenDatabase(GatewayDatabase):
    """Away, as far as notifications go."""

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        raise database_away()
        yield


def listening(
    db_url: str,
    amqp_url: str,
    act: Callable[[EventListener, GatewayDatabase], Awaitable[None]],
    kind: type[GatewayDatabase] = GatewayDatabase,
) -> None:
    async def run() -> None:
        database, listeners = GatewayDatabase(db_url), kind(db_url)
        listener = notification_listener(amqp_url, listeners, FixedClock.at("2026-05-20"))
        await listener.start()
        try:
            await act(listener, database)
        finally:
            await listener.stop()
            await listeners.close()
            await database.close()

    asyncio.run(run())


async def until(condition: Callable[[], Awaitable[bool]], seconds: float = 60) -> None:
    async with asyncio.timeout(seconds):
        while not await condition():
            await asyncio.sleep(0.1)


async def heard_by(database: GatewayDatabase, user_id: str) -> list[str]:
    async with database.transaction() as connection:
        return [one.kind for one in await notifications.list_newest(connection, user_id)]


def test_repeated_event_notifies_the_producer_and_the_delegates_once(broker: BrokerNode, db_url: str) -> None:
    event = enrollment_events_pb2.ApplicationSubmitted(record_number="A-0638", writing_number="220002580")
    for _ in range(3):
        send(broker, SUBMITTED.queue.name, event, "event-1")
    paid = payment_events_pb2.PaymentSucceeded(record_number="A-0638", writing_number="330004116")
    send(broker, PAID.queue.name, paid, "event-2")

    async def act(_listener: EventListener, database: GatewayDatabase) -> None:
        async def all_there() -> bool:
            return sorted(await heard_by(database, PRODUCER)) == [SUBMITTED.kind, PAID.kind]

        await until(all_there)
        assert await heard_by(database, DELEGATE) == [SUBMITTED.kind]

    listening(db_url, broker.amqp_url, act)
    assert depth(broker, SUBMITTED.queue.name) == 0


def test_the_bell_tells_medical_and_dental_coverage_that_ends_apart(broker: BrokerNode, db_url: str) -> None:
    for coverage in (common_pb2.COVERAGE_MEDICAL, common_pb2.COVERAGE_DENTAL):
        event = enrollment_events_pb2.CoverageTerminated(
            record_number="A-0638", writing_number="220002580", coverage=coverage
        )
        send(broker, TERMINATED.queue.name, event, f"terminated-{coverage}")

    async def act(_listener: EventListener, database: GatewayDatabase) -> None:
        async def all_there() -> bool:
            return len(await heard_by(database, PRODUCER)) == 2

        await until(all_there)
        async with database.transaction() as connection:
            told = {describe_notification(one) for one in await notifications.list_newest(connection, PRODUCER)}
        rest = "coverage of application A-0638 was terminated. Open it to see the last day."
        assert told == {f"Medical {rest}", f"Dental {rest}"}

    listening(db_url, broker.amqp_url, act)


def test_applications_that_expire_in_one_night_share_an_entry_until_it_is_read(broker: BrokerNode, db_url: str) -> None:
    def expire(*record_numbers: str) -> None:
        for number in record_numbers:
            event = enrollment_events_pb2.ApplicationExpired(record_number=number, writing_number="220002580")
            send(broker, EXPIRED.queue.name, event, f"expired-{number}")

    async def act(_listener: EventListener, database: GatewayDatabase) -> None:
        async def said() -> list[tuple[str, str]]:
            async with database.transaction() as connection:
                newest = await notifications.list_newest(connection, PRODUCER)
            return [(describe_notification(one), link_to_subject(one)) for one in newest]

        async def wait_for(*rows: tuple[str, str]) -> None:
            async def all_there() -> bool:
                return await said() == list(rows)

            await until(all_there)

        alone = "expired. It can no longer be submitted."
        shared = ("3 applications expired. They can no longer be submitted.", "/enroll?tab=expired")
        await asyncio.to_thread(expire, "A-0701")
        await wait_for((f"Application A-0701 {alone}", "/applications/A-0701"))
        await asyncio.to_thread(expire, "A-0702", "A-0703", "A-0703")
        await wait_for(shared)
        async with database.transaction() as connection:
            assert await notifications.count_unread(connection, PRODUCER) == 1
            await notifications.mark_read(connection, PRODUCER, FixedClock.at("2026-05-20").now())
        await asyncio.to_thread(expire, "A-0704")
        await wait_for((f"Application A-0704 {alone}", "/applications/A-0704"), shared)

    listening(db_url, broker.amqp_url, act)


def test_two_applications_that_expire_at_the_same_moment_share_an_entry(db_url: str) -> None:
    now = FixedClock.at("2026-05-20").now()

    async def run() -> None:
        database = GatewayDatabase(db_url)

        async def share(record_number: str, people: list[str]) -> None:
            async with database.transaction() as connection:
                await notifications.share_notifications(connection, people, EXPIRED.kind, record_number, now, now)

        async with database.transaction() as connection:
            both = [DELEGATE, PRODUCER]
            await notifications.share_notifications(connection, both, EXPIRED.kind, "A-0701", now, now)
            later = asyncio.create_task(share("A-0702", [PRODUCER, DELEGATE]))
            await asyncio.wait([later], timeout=1)  # long enough to make an entry of its own
        await later
        async with database.transaction() as connection:
            for person in both:
                [one] = await notifications.list_newest(connection, person)
                assert (one.record_number, one.applications) == ("A-0702", 2)
        await database.close()

    asyncio.run(run())


def test_a_malformed_event_goes_to_the_dead_letters_and_does_not_block_the_next(
    broker: BrokerNode, db_url: str
) -> None:
    send(broker, FAILED.queue.name, b"\xffno json", "event-3")
    good = enrollment_events_pb2.SubmissionFailed(record_number="A-0616", writing_number="220002580")
    send(broker, FAILED.queue.name, good, "event-4")

    async def act(_listener: EventListener, database: GatewayDatabase) -> None:
        async def arrived() -> bool:
            return await heard_by(database, PRODUCER) == [FAILED.kind]

        async def buried() -> bool:
            return await asyncio.to_thread(depth, broker, FAILED.queue.dead.name) == 1

        await until(arrived)
        await until(buried)

    listening(db_url, broker.amqp_url, act)


def test_a_database_that_is_away_puts_the_event_on_the_ladder(broker: BrokerNode, db_url: str) -> None:
    event = enrollment_events_pb2.ApplicationSubmitted(record_number="A-0639", writing_number="220002580")
    send(broker, SUBMITTED.queue.name, event, "event-5")

    async def act(_listener: EventListener, _database: GatewayDatabase) -> None:
        async def waiting() -> bool:
            return await asyncio.to_thread(depth, broker, SUBMITTED.queue.retry(10).name) == 1

        await until(waiting)

    listening(db_url, broker.amqp_url, act, BrokenDatabase)


def bury(broker: BrokerNode, db_url: str, words: str) -> list[Any]:
    """The dead letters whose body has these words, as soon as there is one.

    The listener of the test before may have been stopped between sending its message on and acknowledging it: that one
    comes back, and is not meant.
    """
    found: list[Any] = []

    def look() -> bool:
        with Connection(broker.amqp_url) as connection, connection.channel() as channel:
            dead = iter(lambda: channel.basic_get(CANCELLED.queue.dead.name, no_ack=True), None)
            found.extend(one for one in dead if words in str(one.body))
        return bool(found)

    async def act(_listener: EventListener, _database: GatewayDatabase) -> None:
        async def buried() -> bool:
            return await asyncio.to_thread(look)

        await until(buried)

    listening(db_url, broker.amqp_url, act)
    return found


def test_an_event_without_a_record_number_is_a_dead_letter_with_its_reason(broker: BrokerNode, db_url: str) -> None:
    send(broker, CANCELLED.queue.name, b'{"writingNumber": "no record"}', "nameless")
    [dead] = bury(broker, db_url, "no record")
    assert (dead.headers[REASON], dead.headers[ATTEMPT]) == ("MalformedMessage", 2)
    assert dead.headers[FIRST_FAILURE] > 0


def test_event_with_an_id_that_no_table_can_store_is_a_dead_letter(broker: BrokerNode, db_url: str) -> None:
    event = enrollment_events_pb2.ApplicationCancelled(record_number="A-0642", writing_number="220002580")
    send(broker, CANCELLED.queue.name, event, "nul\x00byte")
    assert len(bury(broker, db_url, "A-0642")) == 1


def test_listener_consumes_again_after_the_broker_restarts(broker: BrokerNode, db_url: str) -> None:
    event = enrollment_events_pb2.ApplicationSubmitted(record_number="A-0640", writing_number="220002580")

    async def act(listener: EventListener, database: GatewayDatabase) -> None:
        async def connected() -> bool:
            return listener.connected

        async def away() -> bool:
            return not listener.connected

        async def arrived() -> bool:
            return SUBMITTED.kind in await heard_by(database, PRODUCER)

        await until(away)  # the broker is down when the listener starts
        tried = listener.rounds

        async def tries_again() -> bool:
            return listener.rounds > tried + 1

        await until(tries_again)  # so its process stays alive
        await asyncio.to_thread(broker.start)
        await until(connected)
        await asyncio.to_thread(broker.kill)
        await until(away)
        await asyncio.to_thread(broker.start)
        await asyncio.to_thread(send, broker, SUBMITTED.queue.name, event, "event-6")
        await until(arrived)

    broker.kill()
    listening(db_url, broker.amqp_url, act)
