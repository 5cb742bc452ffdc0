"""Every queue is a quorum queue with a limit, dead letters and nothing that could be dropped unseen."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from kombu import Queue

import chassis
from chassis.bus.topology import DEAD_EXCHANGE, DELIVERY_LIMIT, RETRY_LADDER, EventQueue, events_exchange

QUEUE = EventQueue("documents", "enrollment.application.submitted.v1")


def arguments(queue: Queue) -> dict[str, object]:
    return dict(queue.queue_arguments)


@pytest.mark.parametrize("queue", QUEUE.all_queues(), ids=lambda queue: str(queue.name))
def test_every_queue_is_durable_and_replicated(queue: Queue) -> None:
    assert queue.durable
    assert not (queue.exclusive or queue.auto_delete)
    assert arguments(queue)["x-queue-type"] == "quorum"


def test_a_message_that_kills_its_worker_repeatedly_ends_in_the_dead_letters() -> None:
    assert arguments(QUEUE.queue) | {
        "x-delivery-limit": DELIVERY_LIMIT,
        "x-dead-letter-exchange": "dead",
        "x-dead-letter-routing-key": QUEUE.name,
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
    } == arguments(QUEUE.queue)
    assert len(RETRY_LADDER) + 1 < DELIVERY_LIMIT, "a crash of a neighbour must not use up the attempts"


def test_dead_letters_reach_the_queue_that_is_named_after_their_own() -> None:
    assert QUEUE.dead.name == "documents.enrollment.application.submitted.v1.dead"
    assert (QUEUE.dead.exchange.name, QUEUE.dead.routing_key) == (DEAD_EXCHANGE.name, QUEUE.name)


@pytest.mark.parametrize("seconds", sorted(set(RETRY_LADDER) - {0}))
def test_a_waiting_message_comes_back_to_its_queue_and_cannot_get_lost_on_the_way(seconds: int) -> None:
    waiting = arguments(QUEUE.retry(seconds))
    assert waiting["x-message-ttl"] == seconds * 1000
    assert (waiting["x-dead-letter-exchange"], waiting["x-dead-letter-routing-key"]) == ("", QUEUE.name)
    assert waiting["x-dead-letter-strategy"] == "at-least-once"
    assert QUEUE.retry(seconds).name in [queue.name for queue in QUEUE.all_queues()]


def test_the_ladder_is_twice_at_once_then_ten_seconds_a_minute_ten_minutes_an_hour() -> None:
    assert RETRY_LADDER == (0, 0, 10, 60, 600, 3600)


def test_no_other_module_declares_queues() -> None:
    """So what these tests say of a queue is true of all."""
    root = Path(chassis.__file__).parents[1]
    files = [file for folder in ("chassis", "services", "gateway") for file in (root / folder).rglob("*.py")]
    # a passive declaration only asks about a queue
    declares = re.compile(r"from kombu import [^\n]*\bQueue\b|declare_queue\(|queue_declare\((?![^\n]*passive=True)")
    found = [file.relative_to(root).as_posix() for file in files if declares.search(file.read_text())]
    assert found == ["chassis/bus/topology.py"]


def test_events_of_a_service_go_through_its_own_exchange() -> None:
    exchange = events_exchange("enrollment.application.submitted.v1")
    assert (exchange.name, exchange.type, exchange.durable) == ("enrollment.events", "topic", True)
