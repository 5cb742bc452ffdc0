"""What: the queue of an outside subscriber is without a leader while events leave, or are counted.

How: relay and forwarders of the chassis on a real broker and a real database; the leader is taken from a quorum queue
of a single node by suspending or stopping its only member.
Invariant: everybody else has all events at once, the one that could not take them has them after the mend, and its
queue is not taken for an empty one.
Control: the same queue bound to the suite's exchange holds up the later events of the subject for everybody.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from chassis.bus import publish
from chassis.bus.topology import FeedQueue, events_exchange
from chassis.feeds import Feeds
from tests.integration.chassis.conftest import ToyMaker
from tests.integration.chassis.feed_readers import Reader, note_ids
from tests.integration.chassis.nodes import BrokerNode
from tests.integration.chassis.processes import QUEUE, Toy
from tests.integration.chassis.test_feeds import SUBJECTS, change_queue, registry_of, relaying, waiting, write
from tests.integration.chassis.toy.service import WRITTEN
from tests.integration.chassis.waiting import until


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrokerNode]:
    own = BrokerNode(tmp_path_factory.mktemp("node"))
    own.start()
    if not own.can_evaluate:
        own.stop()
        pytest.skip("the broker in a container is not told to stop a member of a queue")
    yield own
    own.stop()


@pytest.fixture
def toy_of_node(toys: ToyMaker, node: BrokerNode, monkeypatch: pytest.MonkeyPatch) -> Iterator[Toy]:
    monkeypatch.setattr(publish, "CONFIRM_TIMEOUT_SECONDS", 1)
    with toys(node.amqp_url) as fresh:
        yield fresh


# What is done to the one member of a queue, how it is undone, and what a publisher hears meanwhile: nothing from a
# leader that stands still, a refusal where there is none.
TROUBLES = {
    "unconfirmed": ("sys:suspend('%2F_{}').", "sys:resume('%2F_{}')."),
    "refused": (
        "ra:stop_server(quorum_queues, {{'%2F_{}', node()}}).",
        "ra:restart_server(quorum_queues, {{'%2F_{}', node()}}).",
    ),
}


@contextmanager
def without_leader(node: BrokerNode, queue: str, heard: str) -> Iterator[None]:
    take, give = TROUBLES[heard]
    assert node.evaluate(take.format(queue)).strip() == "ok"
    try:
        yield
    finally:
        assert node.evaluate(give.format(queue)).strip() == "ok"


@pytest.mark.timeout(400)
@pytest.mark.parametrize("heard", TROUBLES)
def test_a_queue_without_a_leader_holds_up_nobody_else(toy_of_node: Toy, node: BrokerNode, heard: str) -> None:
    for registry in registry_of(toy_of_node):
        for name in ("leaderless", "other"):
            registry.add(name, [WRITTEN])
        with relaying(toy_of_node):
            with without_leader(node, FeedQueue("leaderless").name, heard):
                ids = write(toy_of_node, *SUBJECTS)
                Reader(toy_of_node, QUEUE.name).wait_for(ids)
                Reader(toy_of_node, FeedQueue("other").name).wait_for(ids)
                assert waiting(toy_of_node, "leaderless") == len(ids)
            until(lambda: waiting(toy_of_node, "leaderless") == 0, 90)
            # what was published and not confirmed may have come all the same
            Reader(toy_of_node, FeedQueue("leaderless").name).wait_for(ids, once=False)


@pytest.fixture
def registry_of_node(toy_of_node: Toy) -> Iterator[Feeds]:
    yield from registry_of(toy_of_node)


@pytest.mark.timeout(400)
def test_a_queue_that_cannot_say_how_many_wait_is_not_taken_for_an_empty_one(
    toy_of_node: Toy, node: BrokerNode, registry_of_node: Feeds
) -> None:
    """The control: the broker itself says 0."""
    registry, queue = registry_of_node, FeedQueue("counted").name
    registry.add("counted", [WRITTEN])
    with relaying(toy_of_node):
        write(toy_of_node, "s")
        until(lambda: not waiting(toy_of_node, "counted") and registry.count_untaken("counted") == 1)
    said: list[Any] = []
    with without_leader(node, queue, "unconfirmed"):
        change_queue(toy_of_node, lambda channel: said.append(channel.queue_declare(queue, passive=True)))
        with pytest.raises(publish.BROKER_ERRORS):
            registry.count_untaken("counted")
    assert [found.message_count for found in said] == [0]
    assert registry.count_untaken("counted") == 1


@pytest.mark.timeout(400)
def test_bound_to_the_exchange_a_queue_without_a_leader_holds_up_everybody(toy_of_node: Toy, node: BrokerNode) -> None:
    """The control."""

    def bind(channel: Any) -> None:
        channel.queue_declare("bound", durable=True, auto_delete=False, arguments={"x-queue-type": "quorum"})
        channel.queue_bind("bound", events_exchange(WRITTEN).name, WRITTEN)

    change_queue(toy_of_node, bind)
    try:
        with without_leader(node, "bound", "unconfirmed"), relaying(toy_of_node):
            first, *_ = write(toy_of_node, "s", "s", "s")
            until(lambda: toy_of_node.rows("select 1 from outbox where last_error = 'unconfirmed'"))
            assert set(note_ids(toy_of_node.messages(QUEUE.name))) == {first}, "the later ones wait"
            assert toy_of_node.rows("select count(*) from outbox where sent_at is null") == [(3,)]
    finally:
        change_queue(toy_of_node, lambda channel: channel.queue_delete("bound"))
