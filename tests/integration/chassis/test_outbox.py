"""Outbox and relay: what was committed leaves, once in calm weather, in order, and nothing else ever does."""

from __future__ import annotations

import json
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import literal, select
from sqlalchemy.orm import Session

from chassis.bus import publish, relay
from chassis.bus.relay import Relay
from chassis.bus.topology import count_ready, events_exchange
from tests.integration.chassis.processes import QUEUE, Toy
from tests.integration.chassis.toy.service import INFRASTRUCTURE, WHISPERED, WRITTEN, Notes, NoteWritten, command
from tests.integration.chassis.waiting import until

MUST_BE_HEARD = {WRITTEN: True, WHISPERED: False}


class Abandoned(Exception):
    """What a use case raises that changes its mind."""


def relay_of(toy: Toy) -> Relay:
    return Relay("toy", toy.database, INFRASTRUCTURE, toy.amqp_url, MUST_BE_HEARD)


@contextmanager
def running(*relays: Relay) -> Iterator[None]:
    stop = threading.Event()
    threads = [threading.Thread(target=relay.run, args=(stop,)) for relay in relays]
    for thread in threads:
        thread.start()
    try:
        for relay in relays:
            assert relay.healthy.wait(30)
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def send_once(toy: Toy) -> int:
    with publish.open_connection(toy.amqp_url) as connection:
        return relay_of(toy).send_batch(publish.ConfirmedPublisher(connection))


def unsent(toy: Toy) -> int:
    return int(toy.rows("select count(*) from outbox where sent_at is null")[0][0])


def test_nothing_is_on_the_bus_before_the_commit(toy: Toy) -> None:
    notes = Notes(toy.database, toy.amqp_url)
    with notes.transactions() as work:
        work.publish_event(NoteWritten("1", "s", "hello"))
        assert send_once(toy) == 0
        assert toy.messages(QUEUE.name) == []
    assert send_once(toy) == 1
    assert len(toy.messages(QUEUE.name)) == 1


def test_a_rollback_leaves_no_outbox_row(toy: Toy) -> None:
    notes = Notes(toy.database, toy.amqp_url)
    with pytest.raises(Abandoned), notes.transactions() as work:
        work.publish_event(NoteWritten("1", "s", "hello"))
        raise Abandoned
    assert toy.count("outbox") == 0


def test_without_the_outbox_a_rollback_leaves_a_ghost_on_the_bus(toy: Toy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOY_OUTBOX", "off")
    notes = Notes(toy.database, toy.amqp_url)
    with pytest.raises(Abandoned), notes.transactions():
        notes.publish_directly(NoteWritten("1", "s", "hello"))
        raise Abandoned
    assert len(toy.messages(QUEUE.name)) == 1, "the tests above could not have seen a ghost"


def test_an_event_carries_its_identity_and_survives_the_broker(toy: Toy) -> None:
    Notes(toy.database, toy.amqp_url).write("subject-1", "hello", "")
    send_once(toy)
    [message] = toy.messages(QUEUE.name)
    [(event_id,)] = toy.rows("select event_id from outbox")
    assert message.properties["message_id"] == message.headers["cloudEvents:id"] == event_id
    assert message.headers["cloudEvents:type"] == WRITTEN
    assert message.headers["cloudEvents:subject"] == "subject-1"
    assert message.properties["delivery_mode"] == publish.PERSISTENT
    assert json.loads(message.body)["text"] == "hello"


def test_two_relays_at_once_publish_each_event_once_and_keep_the_order_of_each_subject(toy: Toy) -> None:
    notes = Notes(toy.database, toy.amqp_url)
    with notes.transactions() as work:
        for number in range(600):
            work.publish_event(NoteWritten(str(number), f"subject-{number % 40}", "hello"))
    with running(relay_of(toy), relay_of(toy)):
        until(lambda: unsent(toy) == 0)
    order = defaultdict(list)
    for message in toy.messages(QUEUE.name):
        event = json.loads(message.body)
        order[event["subject"]].append(int(event["id"]))
    assert sum(map(len, order.values())) == 600
    assert all(numbers == sorted(numbers) for numbers in order.values())


def test_two_relays_that_do_not_lock_publish_twice(toy: Toy) -> None:
    """The control: without FOR UPDATE SKIP LOCKED the test above has to see duplicates."""

    class UnlockedRelay(Relay):
        def _claim(self, session: Session) -> list[Any]:
            outbox = self._tables.outbox
            claim = select(outbox, literal(True).label("followed")).where(outbox.c.sent_at.is_(None)).limit(100)
            return list(session.execute(claim))

    notes = Notes(toy.database, toy.amqp_url)
    with notes.transactions() as work:
        for number in range(600):
            work.publish_event(NoteWritten(str(number), "s", "hello"))
    relays = [UnlockedRelay("toy", toy.database, INFRASTRUCTURE, toy.amqp_url, MUST_BE_HEARD) for _ in range(2)]
    with running(*relays):
        until(lambda: unsent(toy) == 0)
    assert len(toy.messages(QUEUE.name)) > 600


def test_an_event_that_needs_a_subscriber_waits_until_there_is_one(toy: Toy) -> None:
    with publish.open_connection(toy.amqp_url) as connection, connection.channel() as channel:
        channel.queue_delete(QUEUE.name)
    Notes(toy.database, toy.amqp_url).write("s", "hello", "")
    assert send_once(toy) == 0
    assert toy.rows("select attempts, last_error from outbox where sent_at is null") == [(1, "unroutable")]
    toy.migrate()
    until(lambda: send_once(toy) == 1)
    assert len(toy.messages(QUEUE.name)) == 1


def test_an_event_that_nobody_needs_is_done_when_nobody_listens(toy: Toy) -> None:
    Notes(toy.database, toy.amqp_url).write("s", "whisper", "")
    assert send_once(toy) == 1
    assert unsent(toy) == 0


def test_events_that_nobody_can_hear_do_not_hold_up_the_others(toy: Toy) -> None:
    notes = Notes(toy.database, toy.amqp_url)
    with notes.transactions() as work:
        for number in range(150):  # more than one batch
            work.publish_event(NoteWritten(str(number), f"deaf-{number}", "whisper"))
        work.publish_event(NoteWritten("last", "heard", "hello"))
    deaf = Relay("toy", toy.database, INFRASTRUCTURE, toy.amqp_url, {WHISPERED: True})
    with running(deaf):
        until(lambda: toy.rows("select 1 from outbox where subject = 'heard' and sent_at is not null"))
    assert unsent(toy) == 150


def test_an_idle_relay_is_woken_by_the_commit(toy: Toy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay, "LOOK_SECONDS", 600.0)
    monkeypatch.setattr(relay, "FAILURE_PAUSE_SECONDS", 600.0)  # one that starts anew would look, too
    with running(relay_of(toy)):
        for words in ("hello", "hello again"):
            Notes(toy.database, toy.amqp_url).write("s", words, "")
            until(lambda: unsent(toy) == 0)


def test_without_the_notification_it_does_not_wake_and_the_next_look_finds_the_event(
    toy: Toy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of the test above, and the net below it."""
    toy.change("drop trigger notify_outbox on outbox")
    monkeypatch.setattr(relay, "LOOK_SECONDS", 3.0)
    monkeypatch.setattr(relay, "FAILURE_PAUSE_SECONDS", 600.0)
    with running(relay_of(toy)):
        threading.Event().wait(0.5)  # the look at its start is over
        Notes(toy.database, toy.amqp_url).write("s", "hello", "")
        threading.Event().wait(0.5)
        assert unsent(toy) == 1
        until(lambda: unsent(toy) == 0)


@contextmanager
def full_queue(toy: Toy, event_type: str) -> Iterator[None]:
    """An outsider's, which rejects what comes."""
    with publish.open_connection(toy.amqp_url) as connection, connection.channel() as channel:
        arguments = {"x-max-length": 1, "x-overflow": "reject-publish"}
        channel.queue_declare("outsider", durable=True, arguments=arguments, auto_delete=False)
        channel.queue_bind("outsider", events_exchange(event_type).name, event_type)
        channel.basic_publish(channel.prepare_message(b"{}"), routing_key="outsider")
        until(lambda: count_ready(channel, "outsider") == 1)
        try:
            yield
        finally:
            channel.queue_delete("outsider")


def test_a_refused_event_waits_and_the_others_of_its_batch_leave(toy: Toy) -> None:
    """A queue of an outsider that is full says no, and what is bound beside it has the event already."""
    notes = Notes(toy.database, toy.amqp_url)
    notes.write("s", "whisper", "")
    notes.write("t", "hello", "")
    with full_queue(toy, WHISPERED):
        assert send_once(toy) == 1
        assert toy.rows("select subject, last_error from outbox where sent_at is null") == [("s", "refused")]
    until(lambda: send_once(toy) == 1)


@pytest.mark.parametrize(("rests", "copies"), [(True, 1), (False, 3)])
def test_a_refused_event_is_not_published_at_every_commit_to_those_who_took_it(
    toy: Toy, monkeypatch: pytest.MonkeyPatch, rests: bool, copies: int
) -> None:
    """Without its rest, the control, it is."""
    monkeypatch.setattr(relay, "FIRST_REST_SECONDS", 60 if rests else 0)
    notes = Notes(toy.database, toy.amqp_url)
    notes.write("refused", "hello", "")
    with full_queue(toy, WRITTEN):
        for _ in range(3):
            assert send_once(toy) == 0
            notes.write("refused", "later", "")  # as every commit, it wakes the relay
    ours = [json.loads(message.body)["text"] for message in toy.messages(QUEUE.name)]
    assert ours == ["hello"] * copies, "later events of its subject wait, so that nobody sees them out of order"
    toy.change("update outbox set next_try_at = null")
    assert [send_once(toy) for _ in range(4)] == [1, 1, 1, 1]
    assert [json.loads(message.body)["text"] for message in toy.messages(QUEUE.name)] == ["hello"] + ["later"] * 3


class PartlyUnconfirmed(publish.ConfirmedPublisher):
    """Stands for a broker with a queue that has no leader: what goes there is never confirmed."""

    def _publish(self, body: bytes, **properties: Any) -> None:
        super()._publish(body, **properties)
        if properties["headers"]["cloudEvents:subject"] == "leaderless":
            self._never = {**getattr(self, "_never", {}), self._last_tag: properties["message_id"]}

    def _settle(self, tag: int, multiple: bool) -> list[str]:
        settled = super()._settle(tag, multiple)
        self._unconfirmed.update(getattr(self, "_never", {}))
        return settled


def test_what_is_confirmed_is_kept_when_another_event_of_the_batch_is_not(
    toy: Toy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publish, "CONFIRM_TIMEOUT_SECONDS", 1)
    notes = Notes(toy.database, toy.amqp_url)
    notes.write("leaderless", "hello", "")
    for number in range(5):
        notes.write(f"other-{number}", "hello", "")
    with publish.open_connection(toy.amqp_url) as connection:
        sending = relay_of(toy)
        assert sending.send_batch(PartlyUnconfirmed(connection)) == 5
        waiting = "select subject, attempts, last_error, next_try_at > now() from outbox where sent_at is null"
        assert toy.rows(waiting) == [("leaderless", 1, "unconfirmed", True)]
        notes.write("other-6", "hello", "")
        publisher = publish.ConfirmedPublisher(connection)
        assert sending.send_batch(publisher) == 1, "it waits for nobody"
        assert unsent(toy) == 1
        until(lambda: sending.send_batch(publisher) == 1)


def test_a_batch_that_nobody_confirms_rests_and_ends_the_connection(toy: Toy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publish, "CONFIRM_TIMEOUT_SECONDS", 1)
    Notes(toy.database, toy.amqp_url).write("leaderless", "hello", "")
    with publish.open_connection(toy.amqp_url) as connection, pytest.raises(TimeoutError):
        relay_of(toy).send_batch(PartlyUnconfirmed(connection))
    assert toy.rows("select attempts, last_error from outbox where sent_at is null") == [(1, "unconfirmed")]


def test_each_try_is_followed_by_a_longer_rest_up_to_a_minute(toy: Toy) -> None:
    Notes(toy.database, toy.amqp_url).write("s", "hello", "")
    rests = []
    with full_queue(toy, WRITTEN):
        for attempts in (0, 1, 4, 5, 2_000_000_000):
            toy.change(f"update outbox set attempts = {attempts}, next_try_at = null")
            assert send_once(toy) == 0
            [(rest,)] = toy.rows("select extract(epoch from next_try_at - clock_timestamp()) from outbox")
            rests.append(float(rest))
    assert rests == [pytest.approx(rest, abs=1.9) for rest in (2, 4, 32, 60, 60)]


def test_an_idle_relay_keeps_its_connection(toy: Toy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publish, "HEARTBEAT_SECONDS", 1)
    pauses = []
    idle = relay_of(toy)
    monkeypatch.setattr(idle._log, "warning", lambda *_, **__: pauses.append(1), raising=False)
    with running(idle):
        threading.Event().wait(3.5)  # three missed heartbeats end a connection
    assert pauses == []


def test_a_relay_that_cannot_reach_its_database_says_so_and_comes_back(toy: Toy) -> None:
    idle = relay_of(toy)
    with running(idle):
        toy.change("alter table outbox rename to outbox_away")
        until(lambda: not idle.healthy.is_set())
        toy.change("alter table outbox_away rename to outbox")
        until(idle.healthy.is_set)


def test_rows_that_were_sent_long_ago_are_swept_and_waiting_ones_never(toy: Toy) -> None:
    notes = Notes(toy.database, toy.amqp_url)
    for words in ("old", "fresh", "waiting"):
        notes.write("s", words, "")
    send_once(toy), send_once(toy), send_once(toy)
    toy.change("update outbox set sent_at = null, created_at = now() - interval '60 days' where id = 3")
    toy.change("update outbox set sent_at = now() - interval '15 days' where id = 1")
    relay_of(toy).prune()
    assert toy.rows("select id from outbox order by id") == [(2,), (3,)]


def test_an_idempotency_key_holds_for_three_days_and_an_inbox_row_for_two_weeks(toy: Toy) -> None:
    with Notes(toy.database, toy.amqp_url).transactions() as work:
        for key in ("held-for-long", "held-briefly"):
            work.find_response(command(key))
        assert work.accept_message("queue", "heard-long-ago") and work.accept_message("queue", "heard-lately")
    toy.change("update idempotency set created_at = now() - interval '73 hours' where key = 'held-for-long'")
    toy.change("update idempotency set created_at = now() - interval '71 hours' where key = 'held-briefly'")
    toy.change("update inbox set received_at = now() - interval '15 days' where message_id = 'heard-long-ago'")
    toy.change("update inbox set received_at = now() - interval '13 days' where message_id = 'heard-lately'")
    relay_of(toy).prune()
    assert toy.rows("select key from idempotency") == [("held-briefly",)]
    assert toy.rows("select message_id from inbox") == [("heard-lately",)]
