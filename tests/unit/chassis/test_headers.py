"""Attempts are counted whatever an outsider wrote into the headers, and those that are sent on can be written."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from amqp.serialization import dumps
from hypothesis import given
from hypothesis import strategies as st
from pamqp import encode

from chassis.bus.headers import (
    ATTEMPT,
    MOST_ATTEMPTS,
    REPLAYED_AFTER,
    attempt_of,
    attempt_since_replay,
    headers_of_replay,
    keep_portable_headers,
)

ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(st.characters())
    | st.binary()
    | st.floats()
    | st.datetimes()
    | st.decimals(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@pytest.mark.parametrize("odd", ["abc", "3", 0, -1, -7, 2**40, MOST_ATTEMPTS + 1, True, None, 2.5, b"2", [2], {"a": 2}])
def test_an_attempt_that_is_no_count_of_ours_is_read_as_the_first(odd: Any) -> None:
    assert attempt_of({ATTEMPT: odd}) == 1
    assert attempt_since_replay({ATTEMPT: 4, REPLAYED_AFTER: odd}) in (1, 4)  # 3 before are a sound number, 0 too


def test_the_headers_of_a_replay_count_on_and_leave_out_what_the_first_run_noted() -> None:
    died = {ATTEMPT: 8, "x-death": [], "x-suite-reason": "away", "traceparent": "00-a"}
    assert headers_of_replay(died) == {"traceparent": "00-a", ATTEMPT: 8, REPLAYED_AFTER: 7}
    assert attempt_since_replay(headers_of_replay(died)) == 1


@given(st.dictionaries(st.text(st.characters()) | st.binary(), ANYTHING))
def test_whatever_headers_came_those_that_are_sent_on_can_be_written_by_both_libraries(headers: dict[Any, Any]) -> None:
    kept = keep_portable_headers(headers)
    dumps("F", [kept])
    encode.field_table(kept)


def test_headers_that_only_some_libraries_write_are_left_out() -> None:
    kept = {"text": "a", "number": 5, "at": datetime(2026, 1, 1, tzinfo=UTC), "table": {"a": [1, "b"]}, "none": None}
    odd = {"money": Decimal(5), "wide": 2**64, "view": memoryview(b"a"), b"\xff": 1, "raw": b"\xff", "huge": 1e300}
    assert keep_portable_headers({**kept, **odd, "half": "\udcff", "old": datetime(1900, 1, 1)}) == kept  # noqa: DTZ001  # as py-amqp reads it
