"""Delivery: what can succeed is tried again, what cannot goes to the dead letters with its reason, once each."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from typing import Any

import pytest

from chassis.bus import publish
from chassis.bus.headers import ATTEMPT, FIRST_FAILURE, REASON
from chassis.kernel import new_id
from tests.integration.chassis.conftest import ToyMaker
from tests.integration.chassis.processes import QUEUE, Toy
from tests.integration.chassis.toy.service import SECRET
from tests.integration.chassis.waiting import until

DEAD = QUEUE.dead.name


@pytest.fixture(scope="module")
def listening(toys: ToyMaker, consumer: str) -> Iterator[Toy]:
    """A toy with a consumer, which hears what the tests put into its queue."""
    with toys(None) as toy:
        toy.start(consumer)
        yield toy


def deliver(toy: Toy, *bodies: bytes, message_id: str = "", headers: dict[str, Any] | None = None) -> None:
    with publish.open_connection(toy.amqp_url) as connection:
        publisher = publish.ConfirmedPublisher(connection)
        for body in bodies:
            publisher.to_queue(QUEUE.name, body, message_id or new_id(), headers or {})


def note(words: str, note_id: str = "") -> bytes:
    return json.dumps({"id": note_id or new_id(), "subject": "s", "text": words}).encode()


def attempts(toy: Toy, note_id: str) -> list[int]:
    return [row[0] for row in toy.rows("select attempt from effect where note_id = :id", {"id": note_id})]


def the_dead_one(toy: Toy) -> Any:
    [message] = until(lambda: toy.messages(DEAD))
    return message


def test_a_message_that_comes_three_times_has_its_effect_once(listening: Toy) -> None:
    deliver(listening, *[note("hello", "thrice")] * 3, message_id="the-same")
    deliver(listening, note("hello", "marker"))
    # ten are handled at a time: the marker may overtake
    until(lambda: attempts(listening, "marker") and attempts(listening, "thrice"))
    assert attempts(listening, "thrice") == [1]


def test_a_passing_fault_is_tried_again_until_it_has_passed(listening: Toy) -> None:
    deliver(listening, note("flaky:3", "flaky"))
    assert until(lambda: attempts(listening, "flaky")) == [4]
    assert listening.messages(DEAD) == []


def test_a_fault_that_never_passes_climbs_the_whole_ladder_and_then_rests_with_the_dead_letters(listening: Toy) -> None:
    body = note("explode", "hopeless")
    deliver(
        listening,
        body,
        message_id="hopeless-message",
        headers={"traceparent": "00-" + "a" * 32 + "-" + "b" * 16 + "-01"},
    )
    message = the_dead_one(listening)
    assert message.body == body.decode()
    assert message.properties["message_id"] == "hopeless-message"
    assert (
        message.headers[ATTEMPT] == 5
    )  # the first, and one for each of the short ladder's three steps: now would be 5
    assert message.headers[REASON] == "ValueError"
    assert message.headers[FIRST_FAILURE] > 0
    assert message.headers["traceparent"].startswith("00-aaaa")
    assert attempts(listening, "hopeless") == []


def test_a_refusal_by_our_own_rules_goes_to_the_dead_letters_at_once(listening: Toy) -> None:
    deliver(listening, note("poison"))
    message = the_dead_one(listening)
    assert (message.headers[REASON], message.headers[ATTEMPT]) == ("never", 2)


@pytest.mark.parametrize(
    "body", [b"no json at all", b"\xff\xfe", b"[1, 2]", b'"text"', b"null", b'{"id": 5}', b'{"id": {"a": 1}}', b""]
)
def test_a_body_that_is_no_event_goes_to_the_dead_letters_as_it_came(listening: Toy, body: bytes) -> None:
    deliver(listening, body)
    message = the_dead_one(listening)
    assert message.headers[REASON] == "MalformedMessage"
    assert message.body in (body, body.decode(errors="ignore"))


def test_strange_headers_of_an_outsider_hurt_nobody(listening: Toy) -> None:
    deliver(listening, note("poison"), headers={ATTEMPT: "many", "traceparent": 5})
    assert the_dead_one(listening).headers[REASON] == "never"


@pytest.mark.parametrize("before", [5, "a", [5], {"a": 1}])
def test_odd_names_of_calls_before_an_event_do_not_end_the_consumer(listening: Toy, before: Any) -> None:
    deliver(listening, note("poison"), headers={"nameko.call_id_stack": before, "call_id_stack": before})
    assert the_dead_one(listening).headers[REASON] == "never"


def test_an_event_may_bring_fields_that_this_version_does_not_know(listening: Toy) -> None:
    deliver(listening, b'{"id": "newer", "subject": "s", "text": "hello", "colour": "green"}')
    assert until(lambda: attempts(listening, "newer")) == [1]


def test_one_malformed_message_does_not_stop_the_others(listening: Toy) -> None:
    bodies = [note("hello", f"neighbour-{number}") for number in range(200)]
    bodies.insert(100, note("poison"))
    deliver(listening, *bodies)
    until(lambda: listening.rows("select count(*) from effect where note_id like 'neighbour-%'")[0][0] == 200)
    assert the_dead_one(listening).headers[REASON] == "never"


def test_the_message_of_a_failed_handlers_exception_is_never_logged(listening: Toy, consumer: str) -> None:
    deliver(listening, note("explode"))
    the_dead_one(listening)
    log = listening.log(consumer).read_text()
    assert '"error_type": "ValueError"' in log
    assert not [word for word in SECRET.split() if word in log]


def test_a_dead_letter_that_is_replayed_after_the_mend_has_its_effect_once(listening: Toy) -> None:
    deliver(listening, note("flaky:4", "mended"), message_id="mended-message")
    dead = the_dead_one(listening)  # the short ladder gives up after the fourth attempt
    for _ in range(2):
        deliver(listening, dead.body.encode(), message_id="mended-message", headers=dict(dead.headers))
    assert until(lambda: attempts(listening, "mended")) == [5]
    deliver(listening, note("hello", "after the replay"))
    until(lambda: attempts(listening, "after the replay"))
    assert attempts(listening, "mended") == [5]


@pytest.mark.parametrize("odd", ["abc", 0, -1, -(2**40), 2**40, [3], {"a": 1}])
def test_an_odd_count_of_tries_neither_stops_a_message_nor_lets_it_go_round(listening: Toy, odd: Any) -> None:
    note_id = new_id()
    deliver(listening, note("flaky:1", note_id), headers={ATTEMPT: odd})
    assert until(lambda: attempts(listening, note_id)) == [2]


@pytest.mark.parametrize("compression", ["application/x-gzip", "gzip", "snappy-of-mars", 5, ["gzip"]])
def test_a_body_said_to_be_compressed_is_a_dead_letter_with_its_reason(listening: Toy, compression: Any) -> None:
    """Also when it is, as here: unpacking could take all the memory that there is."""
    packed = zlib.compress(note("hello", "compressed"))
    deliver(listening, packed, message_id="compressed", headers={"compression": compression})
    message = the_dead_one(listening)
    assert message.headers[REASON] == "Undecodable"
    assert message.headers["compression"] == compression
    assert message.body == packed
    assert attempts(listening, "compressed") == []


@pytest.mark.parametrize(
    "properties", [{"content_type": "application/x-nobody", "content_encoding": "martian"}, {"content_encoding": "hex"}]
)
def test_a_message_is_read_by_its_body_whatever_content_type_it_declares(
    listening: Toy, properties: dict[str, str]
) -> None:
    note_id = new_id()
    with publish.open_connection(listening.amqp_url) as connection, connection.channel() as channel:
        strange = channel.prepare_message(
            note("flaky:1", note_id), properties={"message_id": new_id()}, headers=None, **properties
        )
        channel.basic_publish(strange, routing_key=QUEUE.name)
    assert until(lambda: attempts(listening, note_id)) == [2]


@pytest.mark.parametrize("odd", ["nul\x00byte", "line\nbreak"])
def test_an_id_that_no_table_could_hold_is_none_and_its_message_a_dead_letter(listening: Toy, odd: str) -> None:
    deliver(listening, note("hello"), message_id=odd)
    assert the_dead_one(listening).headers[REASON] == "MalformedMessage"


def test_an_id_longer_than_a_property_may_be_ends_no_worker(listening: Toy) -> None:
    with publish.open_connection(listening.amqp_url) as connection, connection.channel() as channel:
        headers = {"cloudEvents:id": "x" * 300, "wide": 2**62}
        channel.basic_publish(channel.prepare_message(note("hello"), headers=headers), routing_key=QUEUE.name)
    assert the_dead_one(listening).headers[REASON] == "MalformedMessage"


@pytest.mark.parametrize("odd", [b"\xff\xfe", 1e300])
def test_a_header_that_one_library_cannot_write_keeps_no_message_from_going_on(listening: Toy, odd: Any) -> None:
    deliver(listening, note("poison"), headers={"odd": odd, "plain": "kept"})
    dead = the_dead_one(listening)
    assert (dead.headers[REASON], dead.headers["plain"]) == ("never", "kept")
    assert "odd" not in dead.headers
