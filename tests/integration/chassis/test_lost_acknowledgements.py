"""A message whose copy went on and whose acknowledgement was lost counts as one with its copy (docs/adr/0004)."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from chassis.bus import publish
from chassis.bus.dead_letters import open_dead_letters
from chassis.bus.headers import ATTEMPT, REASON, headers_of_replay
from tests.integration.chassis.processes import QUEUE, Toy
from tests.integration.chassis.waiting import until

DEAD = QUEUE.dead.name
LOST = 3


def deliver(toy: Toy, words: str, message_id: str, headers: dict[str, Any] | None = None) -> None:
    body = json.dumps({"id": message_id, "subject": "s", "text": words}).encode()
    with publish.open_connection(toy.amqp_url) as connection:
        publish.ConfirmedPublisher(connection).to_queue(QUEUE.name, body, message_id, headers or {})


def failures(toy: Toy, consumer: str) -> Iterator[tuple[str, int]]:
    """Message and try of each handling that failed and was sent on."""
    for line in toy.log(consumer).read_text().splitlines():
        if '"event failed"' in line:
            said = json.loads(line)
            yield said["message_id"], said["attempt"]


def settled_dead(toy: Toy, at_least: int) -> list[Any]:
    """The dead letters, once no message is on its way any more."""
    until(lambda: toy.waiting(DEAD) >= at_least)
    time.sleep(3)  # longer than the ladder's last step: a copy that is still under way would arrive
    return toy.messages(DEAD)


def replay_all(toy: Toy) -> int:
    """As ``portal dlq replay QUEUE --all`` does; how many there were."""
    with publish.open_connection(toy.amqp_url) as connection, open_dead_letters(connection, QUEUE) as letters:
        for letter in letters:
            letters.put_back(letter)
        return letters.waiting


def test_a_message_is_sent_on_once_however_often_its_acknowledgement_is_lost(toy: Toy, consumer: str) -> None:
    toy.start(consumer, TOY_LOST_ACKS=str(LOST))
    deliver(toy, "explode", "once")
    [dead] = settled_dead(toy, 1)
    assert (dead.headers[REASON], dead.headers[ATTEMPT]) == ("ValueError", 5)
    assert Counter(failures(toy, consumer)) == {("once", number): 1 for number in range(1, 5)}


def test_a_permanent_refusal_is_one_dead_letter_however_often_its_acknowledgement_is_lost(
    toy: Toy, consumer: str
) -> None:
    toy.start(consumer, TOY_LOST_ACKS="1")
    deliver(toy, "poison", "hopeless")
    [dead] = settled_dead(toy, 1)
    assert dead.headers[ATTEMPT] == 2
    assert Counter(failures(toy, consumer)) == {("hopeless", 1): 1}


def test_without_the_memory_each_lost_acknowledgement_doubles_the_message(toy: Toy, consumer: str) -> None:
    """The control."""
    toy.start(consumer, TOY_LOST_ACKS=str(LOST), TOY_FORWARDED="off")
    deliver(toy, "explode", "doubled")
    assert len(settled_dead(toy, 2)) > 1
    assert max(Counter(failures(toy, consumer)).values()) > 1


@pytest.mark.parametrize("point", ["after publish before note", "after note before ack"])
def test_a_crash_between_the_steps_leaves_one_message_in_the_end(toy: Toy, consumer: str, point: str) -> None:
    deliver(toy, "explode", "crashed")
    assert toy.run(consumer, CHASSIS_CRASH_AT=point) == 137
    toy.start(consumer)
    assert len(settled_dead(toy, 1)) == 1
    assert toy.rows("select attempt from forwarded_message") == [(4,)]


def test_a_replay_climbs_the_ladder_again_and_is_lost_to_no_memory_of_the_first_run(toy: Toy, consumer: str) -> None:
    toy.start(consumer)
    deliver(toy, "explode", "replayed")
    for run in (1, 2):
        until(lambda: toy.waiting(DEAD) == 1)
        assert Counter(failures(toy, consumer)) == {("replayed", number): 1 for number in range(1, 4 * run + 1)}
        assert replay_all(toy) == 1
    [dead] = settled_dead(toy, 1)
    assert dead.headers[ATTEMPT] == 13
    deliver(toy, "flaky:2", "replayed", headers_of_replay(dead.headers))  # now its cause is fixed
    assert until(lambda: toy.rows("select attempt from effect")) == [(3,)]


def test_a_dead_letter_put_back_by_hand_without_headers_is_handled(toy: Toy, consumer: str) -> None:
    toy.start(consumer)
    deliver(toy, "explode", "by hand")
    settled_dead(toy, 1)
    deliver(toy, "flaky:1", "by hand")
    assert until(lambda: toy.rows("select attempt from effect")) == [(2,)]


def test_a_database_that_is_away_stops_neither_the_ladder_nor_the_dead_letters(toy: Toy, consumer: str) -> None:
    toy.start(consumer)
    toy.change("alter table forwarded_message rename to elsewhere")
    deliver(toy, "explode", "unnoted")
    [dead] = settled_dead(toy, 1)
    assert dead.headers[ATTEMPT] == 5


def test_a_message_that_is_handled_at_once_is_never_noted(toy: Toy, consumer: str) -> None:
    toy.start(consumer)
    deliver(toy, "hello", "good")
    until(lambda: toy.rows("select 1 from effect"))
    assert toy.count("forwarded_message") == 0
