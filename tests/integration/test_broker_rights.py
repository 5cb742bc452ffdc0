"""Each user of the broker may do what its service does, and nothing with another's exchanges and queues."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from amqp.exceptions import AccessRefused
from kombu import Connection

from chassis.bus import publish, topology
from chassis.bus.topology import EventQueue, FeedQueue
from deploy.local.keys import OWNERS, SERVICES
from portal.broker_rights import CALLERS
from portal.dead_letters import find_queues
from tests.integration.broker_users import ADMINISTRATOR, USERS, run_broker_with_users

pytestmark = pytest.mark.timeout(300)  # it may start a broker
Try = Callable[[Any, str], object]


def publish_event(channel: Any, other: str) -> None:
    message = channel.prepare_message(b"{}")
    channel.basic_publish(message, exchange=f"{other}.events", routing_key="nobody.reads.this")
    channel.queue_declare(f"{other}.spare", passive=True)  # its answer comes after a refusal of what went before


# What no user may with what belongs to another service; the queue `<service>.spare` is there for it.
FORBIDDEN: dict[str, Try] = {
    "read a queue": lambda channel, other: channel.basic_get(f"{other}.spare"),
    "consume a queue": lambda channel, other: channel.basic_consume(f"{other}.spare"),
    "take a call": lambda channel, other: channel.basic_get(f"rpc-{other}"),
    "bind a queue": lambda channel, other: channel.queue_bind(f"{other}.spare", "dead", "spare"),
    "empty a queue": lambda channel, other: channel.queue_purge(f"{other}.spare"),
    "declare a queue": lambda channel, other: channel.queue_declare(f"{other}.made_up", auto_delete=True),
    "publish an event": publish_event,
    "delete a queue": lambda channel, other: channel.queue_delete(f"{other}.spare"),
}


@pytest.fixture(scope="module")
def addresses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The address of each user, with the rights that the command prints; an administrator's is among them."""
    with run_broker_with_users(tmp_path_factory.mktemp("rights")) as broker:
        yield dict(broker.addresses)


@pytest.fixture(scope="module")
def declared(addresses: dict[str, str]) -> dict[str, str]:
    """The same, after each owner has declared what is its own, with its own rights."""
    for owner in OWNERS:
        with publish.open_connection(addresses[owner]) as connection:
            if owner in SERVICES:
                topology.declare_exchange(connection, owner)
                topology.declare_call_queues(connection, [owner])
            topology.declare_queues(connection, [queue for queue in find_queues() if queue.consumer == owner])
    return addresses


@pytest.fixture(autouse=True)
def _spare_queues(declared: dict[str, str]) -> None:
    with Connection(declared[ADMINISTRATOR]) as connection:
        for service in SERVICES:
            connection.channel().queue_declare(f"{service}.spare", auto_delete=False)


def is_refused(address: str, act: Try, other: str) -> bool:
    with Connection(address) as connection:
        try:
            act(connection.channel(), other)
        except AccessRefused:
            return True
    return False


@pytest.mark.parametrize("user", USERS)
@pytest.mark.parametrize("act", FORBIDDEN)
def test_a_user_does_nothing_with_what_is_anothers(declared: dict[str, str], user: str, act: str) -> None:
    others = [service for service in SERVICES if service != user]
    if (user, act) == ("relay", "publish an event"):
        others = []  # it publishes those of all
    assert [other for other in others if not is_refused(declared[user], FORBIDDEN[act], other)] == []


@pytest.mark.parametrize("act", FORBIDDEN)
def test_an_administrator_would_get_away_with_it(declared: dict[str, str], act: str) -> None:
    """The control: what is refused is refused for the user, not for the act."""
    assert not is_refused(declared[ADMINISTRATOR], FORBIDDEN[act], "pcp")


@pytest.mark.parametrize("owner", OWNERS)
def test_an_owner_takes_events_and_tries_them_again(declared: dict[str, str], owner: str) -> None:
    with publish.open_connection(declared[owner]) as connection:
        publisher = publish.ConfirmedPublisher(connection)
        for queue in (queue for queue in find_queues() if queue.consumer == owner):
            for one in queue.all_queues():
                publisher.to_queue(one.name, b"{}", "1", {})
            assert connection.channel().basic_get(queue.name, no_ack=True)


@pytest.mark.parametrize("user", [*SERVICES, "relay", "operator"])
def test_who_forwards_makes_the_queues_of_feeds(declared: dict[str, str], user: str) -> None:
    feed = FeedQueue(f"of-{user}")
    with publish.open_connection(declared[user]) as connection:
        topology.declare_feed(connection, feed)
        publish.ConfirmedPublisher(connection).to_queue(feed.name, b"{}", "1", {})
        assert topology.count_messages(connection, feed) == 1


def test_an_operator_reads_and_replays_dead_letters(declared: dict[str, str]) -> None:
    queue: EventQueue = find_queues()[0]
    with publish.open_connection(declared["operator"]) as connection:
        publisher = publish.ConfirmedPublisher(connection)
        publisher.to_queue(queue.dead.name, b"{}", "1", {})
        assert connection.channel().basic_get(queue.dead.name, no_ack=True)
        publisher.to_queue(queue.name, b"{}", "1", {})


def test_those_that_call_may_and_the_others_may_not(declared: dict[str, str]) -> None:
    def call(channel: Any, other: str) -> None:
        channel.basic_publish(channel.prepare_message(b"{}"), exchange="nameko-rpc", routing_key=f"{other}.made_up")
        channel.queue_declare(f"{other}.spare", passive=True)

    assert [user for user in USERS if not is_refused(declared[user], call, "pcp")] == [
        user for user in USERS if user in CALLERS
    ]
