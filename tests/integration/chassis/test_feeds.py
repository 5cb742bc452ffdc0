"""What: the queue of an outside subscriber is full or deleted while events leave.

How: relay and forwarders of the chassis on a real broker and a real database.
Invariant: the suite's own queue and every other subscriber have all events at once; the one that could not take them
has each of them once after the mend, in the order of each subject.
Control: the same queue bound to the suite's exchange holds up the later events of the subject for everybody.
"""

from __future__ import annotations

import json
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select, true

from chassis import telemetry
from chassis.bus import forward, publish, relay
from chassis.bus.envelope import Envelope
from chassis.bus.forward import FeedForwarder, FeedForwarders, FeedSource
from chassis.bus.headers import SEQUENCE
from chassis.bus.relay import Relay
from chassis.bus.topology import FeedQueue, events_exchange
from chassis.feeds import Feeds
from tests.integration.chassis.feed_readers import Reader, note_ids
from tests.integration.chassis.processes import QUEUE, Toy
from tests.integration.chassis.toy.service import INFRASTRUCTURE, WHISPERED, WRITTEN, Notes, NoteWritten
from tests.integration.chassis.waiting import until

# Of one subject each; the last waits for nobody else's.
SUBJECTS = ("s", "t", "s", "s", "u")
MUST_BE_HEARD = {WRITTEN: True, WHISPERED: False}
KILLED = 137


@pytest.fixture
def registry(toy: Toy) -> Iterator[Feeds]:
    yield from registry_of(toy)


def registry_of(toy: Toy) -> Iterator[Feeds]:
    made = Feeds({"toy": toy.database}, toy.amqp_url)
    yield made
    for name in {state.name for _, state in made.list_states()}:
        made.remove(name)


@contextmanager
def relaying(toy: Toy, replicas: int = 1) -> Iterator[None]:
    stop, threads = threading.Event(), []
    for _ in range(replicas):
        forwarders = FeedForwarders({"toy": FeedSource(toy.database, INFRASTRUCTURE.feeds)}, toy.amqp_url)
        sending = Relay("toy", toy.database, INFRASTRUCTURE, toy.amqp_url, MUST_BE_HEARD, forwarders.wake)
        threads += [threading.Thread(target=loop.run, args=(stop,)) for loop in (forwarders, sending)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def write(toy: Toy, *subjects: str, words: str = "hello") -> list[str]:
    """Notes, each in a transaction of its own; gives their ids."""
    notes = Notes(toy.database, toy.amqp_url)
    return [notes.write(subject, words, "") for subject in subjects]


def fill(toy: Toy, queue: str) -> None:
    """Until it says no."""
    event = Envelope("filling", WRITTEN, "s", datetime.now(UTC), b"{}", {})
    with publish.open_connection(toy.amqp_url) as connection:
        publisher = publish.ConfirmedPublisher(connection)
        until(lambda: publish.Outcome.REFUSED in publisher.publish_events([event] * 2000, queue))


def change_queue(toy: Toy, act: Callable[[Any], object]) -> None:
    with publish.open_connection(toy.amqp_url) as connection, connection.channel() as channel:
        act(channel)


def waiting(toy: Toy, feed: str) -> int:
    query = "select count(*) from feed_event where feed = :feed and delivered_at is null"
    return int(toy.rows(query, {"feed": feed})[0][0])


def test_a_full_queue_of_one_subscriber_holds_up_nobody_else(toy: Toy, registry: Feeds) -> None:
    for name in ("full", "other"):
        registry.add(name, [WRITTEN])
    fill(toy, FeedQueue("full").name)
    with relaying(toy):
        ids = write(toy, *SUBJECTS)
        Reader(toy, QUEUE.name).wait_for(ids)
        Reader(toy, FeedQueue("other").name).wait_for(ids)
        assert waiting(toy, "full") == len(ids)
        change_queue(toy, lambda channel: channel.queue_purge(FeedQueue("full").name))
        Reader(toy, FeedQueue("full").name).wait_for(ids)
        until(lambda: waiting(toy, "full") == 0)


def test_bound_to_the_exchange_a_full_queue_holds_up_everybody(toy: Toy, registry: Feeds) -> None:
    """The control."""
    registry.add("other", [WRITTEN])

    def bind(channel: Any) -> None:
        arguments = {"x-queue-type": "quorum", "x-max-length": 10, "x-overflow": "reject-publish"}
        channel.queue_declare("bound", durable=True, auto_delete=False, arguments=arguments)
        channel.queue_bind("bound", events_exchange(WRITTEN).name, WRITTEN)

    change_queue(toy, bind)
    try:
        fill(toy, "bound")
        with relaying(toy):
            first, *_ = write(toy, "s", "s", "s")
            until(lambda: toy.rows("select 1 from outbox where last_error = 'refused'"))
            until(lambda: toy.waiting(QUEUE.name))
            assert note_ids(toy.messages(QUEUE.name)) == [first], "the later ones wait"
            assert toy.messages(FeedQueue("other").name) == []
            assert toy.rows("select count(*) from outbox where sent_at is null") == [(3,)]
    finally:
        change_queue(toy, lambda channel: channel.queue_delete("bound"))


def test_a_deleted_queue_is_made_again_and_has_everything(toy: Toy, registry: Feeds) -> None:
    for name in ("gone", "other"):
        registry.add(name, [WRITTEN])
    with relaying(toy):
        [before] = write(toy, "s")
        Reader(toy, FeedQueue("gone").name).wait_for([before])
        Reader(toy, FeedQueue("other").name).wait_for([before])
        toy.messages(QUEUE.name)
        change_queue(toy, lambda channel: channel.queue_delete(FeedQueue("gone").name))
        ids = write(toy, *SUBJECTS)
        Reader(toy, QUEUE.name).wait_for(ids)
        Reader(toy, FeedQueue("other").name).wait_for(ids)
        until(lambda: waiting(toy, "gone") == 0)
        Reader(toy, FeedQueue("gone").name).wait_for(ids)


def test_a_feed_has_its_own_event_types_numbered_from_its_start(toy: Toy, registry: Feeds) -> None:
    with relaying(toy):
        write(toy, "s")
        until(lambda: toy.waiting(QUEUE.name) == 1)
        registry.add("written", [WRITTEN])
        registry.add("all", [WRITTEN, WHISPERED])
        written = write(toy, "s", "t")
        [whispered] = write(toy, "s", words="whisper")
        readers = {name: Reader(toy, FeedQueue(name).name) for name in ("written", "all")}
        readers["written"].wait_for(written)
        readers["all"].wait_for([*written, whispered])
        registry.add("written", [WHISPERED])
        [later] = write(toy, "s", words="whisper")
        readers["written"].wait_for([*written, later])
    for name, reader in readers.items():
        numbers = [message.headers[SEQUENCE] for message in reader.messages]
        assert numbers == list(range(1, len(numbers) + 1)), name


def test_two_replicas_give_each_event_one_number_and_deliver_it_once(toy: Toy, registry: Feeds) -> None:
    names = ("first", "second")
    for name in names:
        registry.add(name, [WRITTEN])
    notes = Notes(toy.database, toy.amqp_url)
    with notes.transactions() as work:
        for number in range(600):
            work.publish_event(NoteWritten(str(number), f"subject-{number % 40}", "hello"))
    with relaying(toy, replicas=2):
        until(lambda: all(toy.waiting(FeedQueue(name).name) >= 600 for name in names))
        until(lambda: not any(waiting(toy, name) for name in names))
    for name in names:
        messages = toy.messages(FeedQueue(name).name)
        assert sorted(message.headers[SEQUENCE] for message in messages) == list(range(1, 601))
        order: defaultdict[str, list[int]] = defaultdict(list)
        for message in messages:
            order[message.headers["cloudEvents:subject"]].append(int(json.loads(message.body)["id"]))
        assert all(numbers == sorted(numbers) for numbers in order.values())


def test_two_forwarders_that_do_not_lock_deliver_twice(
    toy: Toy, registry: Feeds, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: without the lock of a feed the test above has to see duplicates."""
    monkeypatch.setattr(forward, "claim_feed", lambda _: select(true()))
    registry.add("first", [WRITTEN])
    toy_relay = Relay("toy", toy.database, INFRASTRUCTURE, toy.amqp_url, {})
    write(toy, "s")
    sources = {"toy": FeedSource(toy.database, INFRASTRUCTURE.feeds)}
    with publish.open_connection(toy.amqp_url) as connection:
        toy_relay.send_batch(publish.ConfirmedPublisher(connection))
        slow = PausingPublisher(connection)
        late = threading.Thread(target=FeedForwarder("first", sources, toy.amqp_url).forward_batch, args=("toy", slow))
        late.start()
        assert slow.reached.wait(30)
        with publish.open_connection(toy.amqp_url) as other:
            FeedForwarder("first", sources, toy.amqp_url).forward_batch("toy", publish.ConfirmedPublisher(other))
        slow.go_on.set()
        late.join()
    assert len(toy.messages(FeedQueue("first").name)) == 2


class PausingPublisher(publish.ConfirmedPublisher):
    """Waits before it publishes."""

    def __init__(self, connection: Any) -> None:
        super().__init__(connection)
        self.reached, self.go_on = threading.Event(), threading.Event()

    def publish_events(self, envelopes: Any, queue: str | None = None) -> list[publish.Outcome]:
        self.reached.set()
        self.go_on.wait(30)
        return super().publish_events(envelopes, queue)


def test_a_crash_between_publish_and_mark_delivers_again_with_the_same_id(toy: Toy, registry: Feeds) -> None:
    registry.add("crash", [WRITTEN])
    ids = write(toy, *SUBJECTS)
    assert toy.run("relay", CHASSIS_CRASH_AT="after forward before mark") == KILLED
    # what follows an event of the same subject may not have reached the feed by then
    assert toy.rows("select count(*) from feed_event where delivered_at is not null")[0][0] == 0
    with relaying(toy):
        until(lambda: waiting(toy, "crash") == 0)
    reader = Reader(toy, FeedQueue("crash").name)
    reader.wait_for(ids, once=False)
    assert len({message.properties["message_id"] for message in reader.messages}) == len(ids) < len(reader.messages)


def test_what_was_never_delivered_expires_with_the_events_and_is_counted(
    toy: Toy, registry: Feeds, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry.add("away", [WRITTEN])
    write(toy, "s", "t")
    sending = Relay("toy", toy.database, INFRASTRUCTURE, toy.amqp_url, {})
    with publish.open_connection(toy.amqp_url) as connection:
        sending.send_batch(publish.ConfirmedPublisher(connection))
    toy.change("update outbox set sent_at = now() - interval '15 days' where subject = 's'")
    lines: list[Mapping[str, Any]] = []
    monkeypatch.setattr(sending._log, "error", lambda event, **fields: lines.append({"event": event, **fields}))
    before = telemetry.FEED_EXPIRED.labels("away")._value.get()
    sending.prune()
    assert lines == [{"event": "events of a feed expire undelivered", "queue": "feed.away", "count": 1}]
    assert telemetry.FEED_EXPIRED.labels("away")._value.get() == before + 1
    assert toy.rows("select sequence from feed_event") == [(2,)]


def test_a_removed_feed_leaves_nothing_and_begins_anew(toy: Toy, registry: Feeds) -> None:
    registry.add("again", [WRITTEN])
    with relaying(toy):
        write(toy, "s", "s")
        until(lambda: toy.waiting(FeedQueue("again").name) == 2)
        # what is in the queue is noted as delivered a moment later, and counts in both places until then
        until(lambda: registry.count_untaken("again") == 2)
        registry.remove("again")
        assert registry.list_states() == []
        assert (toy.count("feed_event"), registry.count_untaken("again")) == (0, 0)
        registry.add("again", [WRITTEN])
        ids = write(toy, "s")
        reader = Reader(toy, FeedQueue("again").name)
        reader.wait_for(ids)
    assert [message.headers[SEQUENCE] for message in reader.messages] == [1]


def test_a_forwarder_that_stands_still_is_noticed(toy: Toy, registry: Feeds) -> None:
    for name in ("stands", "goes-on"):
        registry.add(name, [WRITTEN])
    forwarders = FeedForwarders({"toy": FeedSource(toy.database, INFRASTRUCTURE.feeds)}, toy.amqp_url)
    stop = threading.Event()
    thread = threading.Thread(target=forwarders.run, args=(stop,))
    thread.start()
    try:
        until(lambda: forwarders.rounds > 2)
        with stopped(forwarders._running["stands"].forwarder):
            until(lambda: stays(forwarders))
        seen = forwarders.rounds
        until(lambda: forwarders.rounds > seen + 1)
    finally:
        stop.set()
        thread.join()


@contextmanager
def stopped(forwarder: FeedForwarder) -> Iterator[None]:
    """Its loop waits within a round."""
    over = threading.Event()
    original = FeedForwarder._wait
    try:
        FeedForwarder._wait = lambda one, *args: over.wait() if one is forwarder else original(one, *args)  # type: ignore[method-assign, assignment]  # that is the point
        forwarder.wake()
        yield
    finally:
        FeedForwarder._wait = original  # type: ignore[method-assign]  # as above
        over.set()


def stays(forwarders: FeedForwarders) -> bool:
    """For longer than three looks."""
    before = forwarders.rounds
    threading.Event().wait(3 * relay.LOOK_SECONDS)
    return forwarders.rounds == before
