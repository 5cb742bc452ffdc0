"""``portal dlq`` on a real broker: nothing that an operator does there loses a message, or shows whom it is about."""

from __future__ import annotations

import json
import socket
import sys
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import structlog
from typer.testing import CliRunner

from chassis import telemetry
from chassis.bus import dead_letters, publish
from chassis.bus.headers import ATTEMPT, REASON
from chassis.kernel import new_id
from portal.__main__ import app
from tests.integration.chassis.operators import TRACE_ID, bury, note, start
from tests.integration.chassis.processes import QUEUE, Toy
from tests.integration.chassis.toy import operator
from tests.integration.chassis.waiting import until

DEAD = QUEUE.dead.name
# Made up.
CANARY, CANARY_SSN = "Beatrix", "123-45-6789"
FINE, FAULTY, CANNOT = 0, 1, 2


@pytest.fixture
def toy(module_toy: Toy, monkeypatch: pytest.MonkeyPatch) -> Toy:
    """Without dead letters of an earlier test; nobody consumes."""
    module_toy.messages(DEAD)
    operator.arrange(monkeypatch.setattr)
    monkeypatch.setenv("SUITE_ENV", "test")
    monkeypatch.setenv("COLUMNS", "300")
    # Its handler would stay behind in this process; without it, lines go to standard output as well, unless an earlier
    # test has left another way.
    monkeypatch.setattr(telemetry, "configure_logging", lambda _: None)
    structlog.reset_defaults()
    return module_toy


def dlq(toy: Toy, *arguments: str, amqp_url: str = "") -> tuple[int, str]:
    """Exit status, and all that it says."""
    done = CliRunner().invoke(app, ["dlq", *arguments], env={"AMQP_URL": amqp_url or toy.amqp_url})
    assert done.exception is None or isinstance(done.exception, SystemExit)
    return done.exit_code, done.output


def test_list_shows_what_a_person_needs_to_find_the_cause(toy: Toy) -> None:
    first, second = new_id(), new_id()
    bury(toy, first)
    bury(toy, second, more={REASON: "never", ATTEMPT: 2})
    status, said = dlq(toy, "list", QUEUE.name)
    assert status == FAULTY
    heading, *lines = said.splitlines()
    assert heading == f"{QUEUE.name}: 2 of toy.note.written.v1"
    rest = f"first failure 2026-09-21 14:13:20 UTC, trace {TRACE_ID}"
    assert lines == [
        f"  {first}  reason ValueError, attempts 4, {rest}",
        f"  {second}  reason never, attempts 1, {rest}",
    ]
    assert toy.waiting(DEAD) == 2


def test_list_of_nothing_exits_with_0(toy: Toy) -> None:
    assert dlq(toy, "list", DEAD) == (FINE, "No dead letters.\n")


def test_list_shows_no_more_than_its_limit_and_says_how_many_more_there_are(toy: Toy) -> None:
    for _ in range(3):
        bury(toy, new_id())
    _, said = dlq(toy, "list", QUEUE.name, "--limit", "1")
    assert len(said.splitlines()) == 3
    assert "and 2 more" in said
    assert toy.waiting(DEAD) == 3


def test_a_message_that_ended_its_consumer_again_and_again_says_so(toy: Toy) -> None:
    """The broker itself sends it to the dead letters, without a header of the suite."""
    with publish.open_connection(toy.amqp_url) as connection, connection.channel() as channel:
        publish.ConfirmedPublisher(connection).to_queue(QUEUE.name, note("hello"), "crashes", {})

        def take_until_it_is_dead() -> bool:
            if found := channel.basic_get(QUEUE.name):
                channel.basic_reject(found.delivery_tag, requeue=True)
            return toy.waiting(DEAD) == 1

        until(take_until_it_is_dead)
    _, said = dlq(toy, "list", QUEUE.name)
    assert "crashes  reason delivery_limit, attempts 0, first failure 20" in said


def test_show_gives_headers_and_fields_of_an_event(toy: Toy) -> None:
    letter = new_id()
    bury(toy, letter, note("hello"), {"cloudEvents:id": letter, "cloudEvents:subject": "A-0638"})
    status, said = dlq(toy, "show", QUEUE.name, letter)
    assert status == FINE
    for line in (
        f"header cloudEvents:id: {letter}",
        "header cloudEvents:subject: A-0638",
        "field id: N-1",
        "field text: hello",
    ):
        assert line in said.splitlines()
    assert toy.waiting(DEAD) == 1


@pytest.mark.parametrize(
    "body",
    [
        f'{{"id": "{CANARY}", "text": "{CANARY_SSN}"'.encode(),
        f"{CANARY},{CANARY_SSN}".encode(),
        b"\xff\xfe" + f"{CANARY} {CANARY_SSN}".encode("utf-16"),
        # An event with more than its contract has.
        f'{{"id": "N-1", "first_name": "{CANARY}", "ssn": "{CANARY_SSN}"}}'.encode(),
        # Several words in a field.
        f'{{"id": "N-1", "text": "{CANARY} asks for {CANARY_SSN}"}}'.encode(),
    ],
    ids=["cut off", "no JSON", "UTF-16", "fields that nobody knows", "words in a field"],
)
def test_nothing_of_a_person_in_a_malformed_body_or_header_is_shown(toy: Toy, body: bytes) -> None:
    letter = new_id()
    bury(toy, letter, body, {CANARY: CANARY_SSN, "cloudEvents:subject": f"{CANARY} {CANARY_SSN}", "note": CANARY})
    said = [dlq(toy, "list")[1], dlq(toy, "show", QUEUE.name, letter)[1]]
    said.append(dlq(toy, "drop", QUEUE.name, letter, "--reason", f"wrong number {CANARY_SSN}")[1])
    assert letter in said[0]
    assert f"body: {len(body)} bytes, SHA-256 " in said[1]
    assert "[number]" in said[2]
    for printed in said:
        assert CANARY not in printed
        assert CANARY_SSN not in printed


def test_the_search_for_a_person_finds_one_where_a_field_of_one_word_holds_it(toy: Toy) -> None:
    """The control: what the contract calls an identifier is shown, so the command does print what it reads."""
    letter = new_id()
    bury(toy, letter, note("hello", CANARY))
    assert CANARY in dlq(toy, "show", QUEUE.name, letter)[1]


@pytest.mark.parametrize("odd", ["", f"{CANARY} {CANARY_SSN}", "123456789"])
def test_an_id_that_may_not_be_shown_has_a_digest_that_names_it(toy: Toy, odd: str) -> None:
    bury(toy, odd)
    listed = dlq(toy, "list", QUEUE.name)[1].splitlines()[1].split()[0]
    assert listed.startswith("sha256:")
    assert dlq(toy, "drop", QUEUE.name, listed, "--reason", "no id")[0] == FINE
    assert toy.waiting(DEAD) == 0


def test_a_replay_whose_queue_is_gone_keeps_its_dead_letters(toy: Toy) -> None:
    bury(toy, letter := new_id())
    with publish.open_connection(toy.amqp_url) as connection, connection.channel() as channel:
        channel.queue_delete(QUEUE.name)
    status, said = dlq(toy, "replay", QUEUE.name, "--all")
    toy.migrate()
    assert status == CANNOT
    assert f"The broker has no queue {QUEUE.name}. Run the migrate command of toy" in said
    assert [one.properties["message_id"] for one in toy.messages(DEAD)] == [letter]


def test_drop_takes_the_one_and_its_log_line_says_why(toy: Toy) -> None:
    kept, gone = new_id(), new_id()
    bury(toy, kept)
    bury(toy, gone)
    status, said = dlq(toy, "drop", QUEUE.name, gone, "--reason", "sent by a test of the carrier")
    assert status == FINE
    line = json.loads(said.splitlines()[0])
    assert line["event"] == "dead letter dropped"
    assert (line["message_id"], line["queue"], line["code"]) == (gone, QUEUE.name, "ValueError")
    assert line["reason"] == "sent by a test of the carrier"
    assert [one.properties["message_id"] for one in toy.messages(DEAD)] == [kept]


def test_a_drop_whose_acknowledgement_is_lost_does_not_say_that_it_is_done(
    toy: Toy, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lose(letters: dead_letters.DeadLetters, _: object) -> None:
        letters._connection.connection.transport.sock.shutdown(socket.SHUT_RDWR)

    monkeypatch.setattr(dead_letters.DeadLetters, "_settle", lose)
    bury(toy, letter := new_id())
    status, said = dlq(toy, "drop", QUEUE.name, letter, "--reason", "r")
    assert status == CANNOT
    assert "run the command again" in said
    assert "1 dropped" not in said
    until(lambda: toy.waiting(DEAD) == 1)


@pytest.mark.parametrize(
    "command", [("list",), ("show", QUEUE.name, "none"), ("drop", QUEUE.name, "none", "--reason", "r")]
)
def test_a_reader_that_is_killed_loses_nothing(toy: Toy, command: tuple[str, ...]) -> None:
    bury(toy, letter := new_id())
    with start(toy, *command, TOY_HANG="1") as process:
        assert process.stdout
        assert process.stdout.readline() == f"{letter} is read\n"
        assert toy.waiting(DEAD) == 0  # it is with the reader
        process.kill()
    until(lambda: toy.waiting(DEAD) == 1)
    assert [one.properties["message_id"] for one in toy.messages(DEAD)] == [letter]


@pytest.fixture
def strict(toy: Toy) -> Iterator[Toy]:
    """Its dead letters are in a queue as RabbitMQ 4 makes it: it drops a message after 20 deliveries."""
    _declare_dead(toy, {"x-delivery-limit": 20})
    yield toy
    _declare_dead(toy, {})


def _declare_dead(toy: Toy, more: Mapping[str, Any]) -> None:
    with publish.open_connection(toy.amqp_url) as connection, connection.channel() as channel:
        channel.queue_delete(DEAD)
        queue = QUEUE.dead(channel)
        queue.queue_arguments = {**queue.queue_arguments, **more}
        queue.declare()


def test_a_dead_letter_may_be_looked_at_as_often_as_one_likes(strict: Toy) -> None:
    bury(strict, "looked-at", note("hello"), {"kept": "yes"})
    for _ in range(45):
        dlq(strict, "list", QUEUE.name, "--limit", "1")
    [left] = strict.messages(DEAD)
    assert (left.properties["message_id"], left.body) == ("looked-at", note("hello").decode())
    assert (left.headers[REASON], left.headers[ATTEMPT], left.headers["kept"]) == ("ValueError", 5, "yes")


def test_a_dead_letter_that_is_never_written_again_is_dropped_by_the_broker_in_the_end(
    strict: Toy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control."""
    monkeypatch.setattr(dead_letters, "LOOKS_BEFORE_RENEWAL", sys.maxsize)
    bury(strict, "looked-at")
    for _ in range(25):
        dlq(strict, "list", QUEUE.name)
    assert strict.messages(DEAD) == []


def test_what_is_not_there_is_said(toy: Toy) -> None:
    for command in (
        ("show", QUEUE.name, "none"),
        ("replay", QUEUE.name, "none"),
        ("drop", DEAD, "none", "--reason", "r"),
    ):
        status, said = dlq(toy, *command)
        assert status == FAULTY
        assert "No dead letter none is there, or another command reads it now." in said


def test_a_queue_that_the_broker_does_not_have_is_a_sentence_and_the_others_are_listed(toy: Toy) -> None:
    bury(toy, letter := new_id())
    status, said = dlq(toy, "list")
    assert status == CANNOT
    assert f"The broker has no queue {operator.GONE.dead.name}. Run the migrate command of toy." in said
    assert letter in said


def test_a_broker_that_is_away_or_refuses_is_a_sentence(toy: Toy) -> None:
    secret = "made-up-password"
    for url in (f"amqp://guest:{secret}@127.0.0.1:1//", toy.amqp_url.replace("@", "wrong@")):
        status, said = dlq(toy, "replay", QUEUE.name, "--all", amqp_url=url)
        assert status == CANNOT
        assert "The message broker at AMQP_URL does not answer or refuses" in said
        assert secret not in said
