"""A dead letter that ``portal dlq replay`` puts back has its effect once, also when the command dies in between."""

from __future__ import annotations

from chassis.bus import publish
from chassis.kernel import new_id
from tests.integration.chassis.operators import bury, note, start
from tests.integration.chassis.processes import QUEUE, Toy
from tests.integration.chassis.waiting import until

DEAD = QUEUE.dead.name
KILLED = 137


def attempts(toy: Toy, note_id: str) -> list[int]:
    return [row[0] for row in toy.rows("select attempt from effect where note_id = :id", {"id": note_id})]


def replay(toy: Toy, *arguments: str, **extra: str) -> tuple[int, str]:
    process = start(toy, "replay", QUEUE.name, *arguments, **extra)
    said, _ = process.communicate(timeout=60)
    return process.returncode, said


def kill_between_confirm_and_acknowledgement(toy: Toy, letter: str) -> None:
    status, _ = replay(toy, letter, CHASSIS_CRASH_AT="after replay before ack")
    assert status == KILLED
    until(lambda: toy.waiting(DEAD) == 1)  # it is in its queue as well


def test_one_then_several_then_all_have_their_effect_once_after_the_mend(toy: Toy) -> None:
    letters = [new_id() for _ in range(6)]
    toy.change("alter table effect rename to away")
    toy.start("worker")
    with publish.open_connection(toy.amqp_url) as connection:
        publisher = publish.ConfirmedPublisher(connection)
        for letter in letters:
            publisher.to_queue(QUEUE.name, note("hello", letter), letter, {})
    until(lambda: toy.waiting(DEAD) == 6)
    toy.change("alter table away rename to effect")
    for asked, count in (([letters[0]], 1), (letters[1:3], 2), (["--all"], 3)):
        status, said = replay(toy, *asked)
        assert status == 0
        assert said.endswith(f"{QUEUE.name}: {count} replayed.\n")
    until(lambda: toy.count("effect") == 6)
    assert [attempts(toy, letter) for letter in letters] == [[1]] * 6  # counted since the replay
    assert toy.waiting(DEAD) == 0


def test_a_replay_that_dies_between_confirm_and_acknowledgement_has_one_effect(toy: Toy) -> None:
    letter = new_id()
    bury(toy, letter, note("hello", "killed"))
    toy.start("worker")
    kill_between_confirm_and_acknowledgement(toy, letter)
    until(lambda: attempts(toy, "killed"))
    marker = new_id()
    bury(toy, marker, note("hello", "marker"))
    assert replay(toy, letter, marker)[0] == 0
    until(lambda: attempts(toy, "marker"))
    until(lambda: toy.waiting(QUEUE.name) == 0)
    assert attempts(toy, "killed") == [1]
    assert toy.waiting(DEAD) == 0


def test_a_replay_that_dies_of_a_message_that_fails_again_leaves_one_dead_letter(toy: Toy) -> None:
    letter = new_id()
    bury(toy, letter, note("explode", "killed"))
    toy.start("worker")
    status, _ = replay(toy, letter, CHASSIS_CRASH_AT="after replay before ack")
    assert status == KILLED
    until(lambda: toy.waiting(DEAD) == 2)  # the first copy, and the one that failed again
    assert replay(toy, "--all")[0] == 0
    until(lambda: toy.waiting(DEAD) == 1)
    until(lambda: toy.waiting(QUEUE.name) == 0)
    [dead] = toy.messages(DEAD)
    assert dead.properties["message_id"] == letter


def test_without_the_inbox_the_same_death_has_two_effects(toy: Toy) -> None:
    """The control."""
    letter = new_id()
    bury(toy, letter, note("hello", "twice"))
    kill_between_confirm_and_acknowledgement(toy, letter)
    toy.start("worker", TOY_INBOX="off")
    assert replay(toy, letter)[0] == 0
    until(lambda: len(attempts(toy, "twice")) == 2)
