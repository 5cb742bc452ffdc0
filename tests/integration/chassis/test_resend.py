"""What: events that were sent are marked to be sent again, as after a restore (chassis/db/resend.sql).

How: relay and forwarders on a real broker and a real database, whose queues are emptied as a broker that begins anew.
Invariant: what was sent in the last hours is there again, with its id, and in a feed with the number that it had; what
was sent before is not, and the next event has the next number.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import chassis.db
from chassis.bus.headers import SEQUENCE
from chassis.bus.topology import FeedQueue
from chassis.feeds import Feeds
from tests.integration.chassis.feed_readers import note_ids
from tests.integration.chassis.processes import QUEUE, Toy
from tests.integration.chassis.test_feeds import registry_of, relaying, waiting, write
from tests.integration.chassis.toy.service import WRITTEN
from tests.integration.chassis.waiting import until

RESEND = Path(chassis.db.__file__).with_name("resend.sql")
FEED = FeedQueue("restored")


@pytest.fixture
def registry(toy: Toy) -> Iterator[Feeds]:
    yield from registry_of(toy)


def mark_for_resending(toy: Toy) -> None:
    for statement in RESEND.read_text().split(";\n"):
        if statement.strip():
            toy.change(statement)


def all_sent(toy: Toy) -> bool:
    return toy.rows("select 1 from outbox where sent_at is null") == [] and not waiting(toy, "restored")


def test_events_of_the_last_hours_come_again_with_their_ids_and_numbers(toy: Toy, registry: Feeds) -> None:
    registry.add("restored", [WRITTEN])
    with relaying(toy):
        old, *ids = write(toy, "s", "s", "t")
        until(lambda: all_sent(toy))
    assert sorted(note_ids(toy.messages(QUEUE.name))) == sorted([old, *ids])
    numbers = {one.properties["message_id"]: one.headers[SEQUENCE] for one in toy.messages(FEED.name)}
    toy.change("update outbox set sent_at = now() - interval '5 hours' where id = (select min(id) from outbox)")
    toy.change("update feed_event set delivered_at = now() - interval '5 hours' where sequence = 1")

    mark_for_resending(toy)
    with relaying(toy):
        [new] = write(toy, "s")
        until(lambda: all_sent(toy))

    again = note_ids(toy.messages(QUEUE.name))
    assert sorted(again) == sorted([*ids, new])
    assert again.index(ids[0]) < again.index(new)  # of one subject
    told = {one.properties["message_id"]: one.headers[SEQUENCE] for one in toy.messages(FEED.name)}
    assert sorted(told.values()) == [2, 3, 4]
    assert {one: number for one, number in told.items() if number < 4}.items() <= numbers.items()


def test_nothing_is_sent_again_without_being_marked(toy: Toy, registry: Feeds) -> None:
    """The control: what a broker lost stays lost."""
    registry.add("restored", [WRITTEN])
    with relaying(toy):
        write(toy, "s", "t")
        until(lambda: all_sent(toy))
        assert (len(toy.messages(QUEUE.name)), len(toy.messages(FEED.name))) == (2, 2)
    with relaying(toy):
        [new] = write(toy, "s")
        until(lambda: all_sent(toy))
    assert note_ids(toy.messages(QUEUE.name)) == [new]
