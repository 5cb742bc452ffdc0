"""Where a failed message goes, whatever its headers say, and what a handler gets of a good one."""

from __future__ import annotations

from typing import Any

import pytest
from amqp.serialization import dumps
from hypothesis import given
from hypothesis import strategies as st

from chassis.bus.delivery import MalformedMessage, ReceivedMessage, Undecodable
from chassis.bus.envelope import Delivery
from chassis.bus.headers import (
    ATTEMPT,
    FIRST_FAILURE,
    MOST_ATTEMPTS,
    REASON,
    REPLAYED_AFTER,
    attempt_of,
    headers_of_replay,
)
from chassis.bus.topology import RETRY_LADDER, EventQueue
from chassis.kernel import Conflict, Unavailable
from tests.integration.chassis.toy import messages
from tests.unit.chassis.test_headers import ANYTHING

QUEUE = EventQueue("documents", "enrollment.application.submitted.v1")
NOW = 1_800_000_000.5


def received(headers: dict[str, Any] | None = None, body: bytes = b"{}", **more: Any) -> ReceivedMessage:
    details = {"message_id": "m-1", "redelivered": False, **more}
    return ReceivedMessage.of(QUEUE, body, headers, **details)


def test_each_failure_waits_longer_and_the_last_ends_with_the_dead_letters() -> None:
    headers: dict[str, Any] = {"traceparent": "00-a"}
    places = []
    for _ in range(len(RETRY_LADDER) + 1):
        decision = received(headers).decide_retry(Unavailable("away"), NOW)
        places.append((decision.queue, decision.outcome, decision.delay))
        headers = decision.headers
    waiting = [QUEUE.name] * 2 + [f"{QUEUE.name}.retry.{delay}" for delay in RETRY_LADDER[2:]]
    assert places == [
        *((place, "retry", delay) for place, delay in zip(waiting, RETRY_LADDER, strict=True)),
        (QUEUE.dead.name, "dead", 0),
    ]
    assert headers == {
        "traceparent": "00-a",
        ATTEMPT: len(RETRY_LADDER) + 2,
        REASON: "unavailable",
        FIRST_FAILURE: int(NOW),
    }


@pytest.mark.parametrize("brought", [{}, {"traceparent": 5}, {"traceparent": "00-of-nobody"}])
def test_a_dead_letter_has_the_trace_of_its_handling_where_it_brought_none(brought: dict[str, Any]) -> None:
    trace = {"traceparent": f"00-{'a' * 32}-{'b' * 16}-01"}
    decision = received(brought).decide_retry(MalformedMessage(), NOW, trace)
    assert decision.headers["traceparent"] == trace["traceparent"]


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (MalformedMessage(), "MalformedMessage"),
        (Undecodable(), "Undecodable"),
        (Conflict("x", code="never"), "never"),
    ],
)
def test_a_permanent_failure_goes_to_the_dead_letters_at_once(error: Exception, reason: str) -> None:
    decision = received().decide_retry(error, NOW)
    assert (decision.queue, decision.outcome, decision.headers[REASON]) == (QUEUE.dead.name, "dead", reason)


def test_a_replayed_message_is_retried_as_often_again_and_its_attempts_count_on() -> None:
    died = received({ATTEMPT: 7, "x-death": [], "traceparent": "00-a"}).decide_retry(Unavailable("away"), NOW)
    headers = headers_of_replay(died.headers)
    assert headers == {"traceparent": "00-a", ATTEMPT: 8, REPLAYED_AFTER: 7}
    outcomes = []
    for _ in range(len(RETRY_LADDER) + 1):
        decision = received(headers).decide_retry(Unavailable("away"), NOW)
        outcomes.append(decision.outcome)
        headers = decision.headers
    assert outcomes == ["retry"] * len(RETRY_LADDER) + ["dead"]
    assert attempt_of(headers) == 15


def test_only_a_first_delivery_of_a_first_attempt_cannot_be_a_repeat() -> None:
    assert received().is_first_delivery
    assert not received(redelivered=True).is_first_delivery
    assert not received({ATTEMPT: 2}).is_first_delivery
    assert not received(headers_of_replay({ATTEMPT: 2})).is_first_delivery


@given(st.dictionaries(st.text() | st.sampled_from([ATTEMPT, REPLAYED_AFTER, FIRST_FAILURE]), ANYTHING))
def test_whatever_the_headers_say_there_is_a_next_place_with_headers_that_can_be_sent(headers: dict[str, Any]) -> None:
    decision = received(headers).decide_retry(ValueError(), NOW)
    assert decision.queue in {queue.name for queue in QUEUE.all_queues()}
    assert 2 <= decision.headers[ATTEMPT] <= MOST_ATTEMPTS + 1
    dumps("F", [decision.headers])


def test_a_message_without_an_id_is_known_by_its_body() -> None:
    assert received(body=b"a").identity == "m-1"
    nameless = received(body=b"a", message_id=None).identity
    assert nameless == received(body=b"a", message_id="").identity != received(body=b"b", message_id="").identity


def test_a_handler_gets_the_event_and_which_attempt_since_the_last_replay_it_is() -> None:
    delivery, note = received({ATTEMPT: 9, REPLAYED_AFTER: 7}, b'{"id": "n-1", "newer": 1}').parse(messages.NoteWritten)
    assert delivery == Delivery("m-1", QUEUE.event_type, QUEUE.name, 2)
    assert note.id == "n-1"


@pytest.mark.parametrize(
    "body",
    [b"no json", b"\xff\xfe", b"[1]", b'"text"', b"null", b'{"id": 5}', b"", b"[" * 100_000, b'{"id":' * 100_000],
)
def test_a_body_that_is_no_event_is_malformed(body: bytes) -> None:
    with pytest.raises(MalformedMessage):
        received(body=body).parse(messages.NoteWritten)


def test_an_event_without_an_id_that_can_be_kept_is_malformed() -> None:
    with pytest.raises(MalformedMessage, match="no message id"):
        received(message_id="nul\x00byte").parse(messages.NoteWritten)


@pytest.mark.parametrize("compression", ["application/x-gzip", "snappy-of-mars", 5, ["gzip"]])
def test_a_body_said_to_be_compressed_is_undecodable_and_keeps_its_header(compression: Any) -> None:
    message = received({"compression": compression}, b'{"id": "n-1"}')
    with pytest.raises(Undecodable):
        message.parse(messages.NoteWritten)
    assert message.decide_retry(Undecodable(), NOW).headers["compression"] == compression
