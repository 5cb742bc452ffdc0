"""``portal dlq``: its arguments, and the queues that it knows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from chassis.bus.dead_letters import DeadLetter, show_word
from chassis.bus.delivery import ReceivedMessage
from chassis.bus.topology import EventQueue
from portal.__main__ import app
from portal.dead_letters import find_message, find_queues
from services.documents.events.incoming import SUBSCRIBES_TO

SUBMITTED = "documents.enrollment.application.submitted.v1"
SERVICES = Path(__file__).parents[3] / "services"


def dlq(*arguments: str, amqp_url: str = "") -> Result:
    return CliRunner().invoke(app, ["dlq", *arguments], env={"SUITE_ENV": "test", "AMQP_URL": amqp_url})


def letter(headers: dict[str, Any], message_id: str = "made-up") -> DeadLetter:
    queue = EventQueue("toy", "toy.note.written.v1")
    return DeadLetter(ReceivedMessage.of(queue, b"", headers, message_id, redelivered=False), message_id, 1, 0)


@pytest.mark.parametrize(
    "arguments",
    [("replay", SUBMITTED), ("replay", SUBMITTED, "an-id", "--all"), ("drop", SUBMITTED, "an-id"), ("show",)],
)
def test_incomplete_commands_are_refused_with_their_usage(arguments: tuple[str, ...]) -> None:
    done = dlq(*arguments)
    assert done.exit_code == 2
    assert "Usage" in done.output


@pytest.mark.parametrize("reason", ["", "  ", "x" * 201])
def test_a_reason_is_wanted_and_short(reason: str) -> None:
    done = dlq("drop", SUBMITTED, "an-id", "--reason", reason)
    assert done.exit_code == 2
    assert "Give a reason of at most 200 characters" in " ".join(done.output.replace("│", " ").split())


def test_without_the_address_of_the_broker_its_variable_is_named() -> None:
    done = dlq("list")
    assert (done.exit_code, done.output) == (2, "AMQP_URL is empty. Set it to the address of the message broker.\n")


def test_settings_that_are_wrong_are_told_apart_from_dead_letters_that_wait() -> None:
    done = CliRunner().invoke(app, ["dlq", "list"], env={"SUITE_ENV": "nowhere"})
    assert done.exit_code == 2
    assert done.output.startswith("Settings are missing or wrong: SUITE_ENV")


def test_a_queue_that_nobody_has_is_refused_with_those_there_are() -> None:
    done = dlq("list", "documents.nobody.v1", amqp_url="amqp://127.0.0.1:1")
    assert done.exit_code == 2
    assert done.output.startswith("The suite has no queue documents.nobody.v1. It has:\n")
    assert SUBMITTED in done.output.splitlines()


def test_every_queue_of_every_service_and_of_the_gateway_is_known_with_its_message() -> None:
    queues = find_queues()
    assert {queue.event_type for queue in queues if queue.consumer == "documents"} == set(SUBSCRIBES_TO)
    subscribers = {folder.parents[1].name for folder in SERVICES.glob("*/events/incoming.py")}
    assert {queue.consumer for queue in queues} == {*subscribers, "gateway"}
    for queue in queues:
        assert find_message(queue.event_type).DESCRIPTOR.full_name.startswith("suite.")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("A-0638", "A-0638"),
        ("2026-11-30T18:44:10+00:00", "2026-11-30T18:44:10+00:00"),
        (7, "7"),
        (None, ""),
        ("", ""),
        ("123-45-6789", "[number]"),
        (123456789, "[number]"),
        ("Beatrix Made-Up", "(15 characters)"),
        ("b@example.com", "(13 characters)"),
        (["Beatrix"], "(list)"),
        ({"Beatrix": 1}, "(dict)"),
    ],
)
def test_only_single_words_are_shown(value: object, shown: str) -> None:
    assert show_word(value) == shown


@pytest.mark.parametrize("odd", ["soon", 2**62, -(2**62), None, [1], True])
def test_an_odd_time_of_an_outsider_is_no_time_and_no_fault(odd: Any) -> None:
    found = letter({"x-suite-first-failure": odd, "x-death": "no list", "x-suite-reason": ["no", "code"]})
    assert found.first_failure is None or odd is True
    assert found.reason == "(list)"
    assert found.trace_id == ""


def test_a_digest_stands_for_an_id_that_may_not_be_shown() -> None:
    assert letter({}, "made-up").id == "made-up"
    assert letter({}, "Beatrix Made-Up").id != letter({}, "Beatrix Made-Down").id
    assert "Beatrix" not in json.dumps(letter({}, "Beatrix Made-Up").id)
