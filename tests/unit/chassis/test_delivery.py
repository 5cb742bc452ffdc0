"""Where a failed message goes, whatever its headers say."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from amqp.serialization import dumps
from hypothesis import given
from hypothesis import strategies as st

from chassis.bus.delivery import (
    ATTEMPT,
    FIRST_FAILURE,
    MOST_ATTEMPTS,
    REASON,
    REPLAYED_AFTER,
    MalformedMessage,
    Undecodable,
    attempt_of,
    headers_of_replay,
    identity_of,
    is_first,
    next_move,
    portable,
    step_of,
)
from chassis.bus.topology import RETRY_LADDER, EventQueue
from chassis.kernel import Conflict, Unavailable

QUEUE = EventQueue("documents", "enrollment.application.submitted.v1")
NOW = 1_800_000_000.5
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.binary() | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@pytest.mark.parametrize("odd", ["abc", "3", 0, -1, -7, 2**40, MOST_ATTEMPTS + 1, True, None, 2.5, b"2", [2], {"a": 2}])
def test_an_attempt_that_is_no_count_of_ours_is_read_as_the_first(odd: Any) -> None:
    assert attempt_of({ATTEMPT: odd}) == 1
    assert step_of({ATTEMPT: 4, REPLAYED_AFTER: odd}) in (1, 4)  # 3 tries before are a sound number, 0 too


def test_each_failure_climbs_one_step_and_the_last_ends_with_the_dead_letters() -> None:
    headers: dict[str, Any] = {"traceparent": "00-a"}
    places = []
    for _ in range(len(RETRY_LADDER) + 1):
        move = next_move(QUEUE, headers, Unavailable("away"), NOW)
        places.append((move.queue, move.outcome, move.delay))
        headers = move.headers
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


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (MalformedMessage(), "MalformedMessage"),
        (Undecodable(), "Undecodable"),
        (Conflict("x", code="never"), "never"),
    ],
)
def test_what_will_never_succeed_goes_to_the_dead_letters_at_once(error: Exception, reason: str) -> None:
    move = next_move(QUEUE, {}, error, NOW)
    assert (move.queue, move.outcome, move.headers[REASON]) == (QUEUE.dead.name, "dead", reason)


def test_a_replayed_message_climbs_the_whole_ladder_again_and_its_tries_count_on() -> None:
    died = next_move(QUEUE, {ATTEMPT: 7, "x-death": [], "traceparent": "00-a"}, Unavailable("away"), NOW)
    headers = headers_of_replay(died.headers)
    assert headers == {"traceparent": "00-a", ATTEMPT: 8, REPLAYED_AFTER: 7}
    assert step_of(headers) == 1
    outcomes = []
    for _ in range(len(RETRY_LADDER) + 1):
        move = next_move(QUEUE, headers, Unavailable("away"), NOW)
        outcomes.append(move.outcome)
        headers = move.headers
    assert outcomes == ["retry"] * len(RETRY_LADDER) + ["dead"]
    assert attempt_of(headers) == 15


def test_only_a_first_delivery_of_a_first_try_cannot_be_a_repeat() -> None:
    assert is_first({}, redelivered=False)
    assert not is_first({}, redelivered=True)
    assert not is_first({ATTEMPT: 2}, redelivered=False)
    assert not is_first(headers_of_replay({ATTEMPT: 2}), redelivered=False)


@given(st.dictionaries(st.text() | st.sampled_from([ATTEMPT, REPLAYED_AFTER, FIRST_FAILURE]), ANYTHING))
def test_whatever_the_headers_say_there_is_a_next_place_with_headers_that_can_be_sent(headers: dict[str, Any]) -> None:
    move = next_move(QUEUE, headers, ValueError(), NOW)
    assert move.queue in {queue.name for queue in QUEUE.all_queues()}
    assert 2 <= move.headers[ATTEMPT] <= MOST_ATTEMPTS + 1
    dumps("F", [move.headers])


def test_headers_that_only_some_libraries_write_are_left_out() -> None:
    kept = {"text": "a", "number": 5, "at": datetime(2026, 1, 1, tzinfo=UTC), "table": {"a": [1, "b"]}, "none": None}
    odd = {"money": Decimal(5), "wide": 2**64, "view": memoryview(b"a"), b"\xff": 1}
    assert portable({**kept, **odd}) == kept


def test_a_message_without_an_id_is_known_by_its_body() -> None:
    assert identity_of("m-1", b"a") == "m-1"
    assert identity_of("", b"a") == identity_of("", b"a") != identity_of("", b"b")
