"""The headers by which a failed message counts its attempts (docs/adr/0004), and those that may be sent on: pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

# Which attempt this is, from 1; it counts on when a dead letter is replayed.
ATTEMPT = "x-suite-attempt"
# The attempts before the last replay: the retries begin again after them.
REPLAYED_AFTER = "x-suite-replayed-after"
REASON = "x-suite-reason"
FIRST_FAILURE = "x-suite-first-failure"
# Of an event in a feed: its number there, without gaps among the events of one service.
SEQUENCE = "x-suite-sequence"
# A count beyond the retries of more than a hundred replays is no count of ours.
MOST_ATTEMPTS = 1000
# A short string of AMQP, in bytes.
LONGEST_NAME = 255
# What a header's integer may hold on the wire.
_INTEGERS = range(-(2**63), 2**63)
# The largest single-precision number: aio-pika writes no wider one.
_LARGEST_FLOAT = 3.4e38


def attempt_of(headers: Mapping[str, Any]) -> int:
    """From 1; whatever else an outsider wrote there is read as 1."""
    attempt = headers.get(ATTEMPT)
    sound = isinstance(attempt, int) and not isinstance(attempt, bool) and 1 <= attempt <= MOST_ATTEMPTS
    return int(attempt) if sound and attempt is not None else 1


def attempt_since_replay(headers: Mapping[str, Any]) -> int:
    """From 1: the count that handlers get, and which delay comes next."""
    attempt, before = attempt_of(headers), headers.get(REPLAYED_AFTER)
    sound = isinstance(before, int) and not isinstance(before, bool) and 0 <= before < attempt
    return attempt - before if sound and before is not None else attempt


def headers_of_replay(headers: Mapping[str, Any]) -> dict[str, Any]:
    """A dead letter's headers for its way home: the retries begin again, the count of attempts goes on.

    A count that began again would make the message look like a repeat of itself.
    """
    attempt = attempt_of(headers)
    kept = {key: value for key, value in keep_portable_headers(headers).items() if not key.startswith("x-")}
    return {**kept, ATTEMPT: attempt, REPLAYED_AFTER: attempt - 1}


def keep_portable_headers(headers: Mapping[Any, Any]) -> dict[str, Any]:
    """Headers that py-amqp and pamqp (aio-pika) can both write again; those that only one can are left out.

    A header that cannot be written would keep its message from ever being sent on.
    """
    return {key: _portable(value) for key, value in headers.items() if _is_name(key) and _is_portable(value)}


def _is_name(key: Any) -> bool:
    return isinstance(key, str) and _is_text(key) and len(key.encode()) <= LONGEST_NAME


def _is_text(value: str) -> bool:
    """py-amqp reads bytes that are no UTF-8 as lone surrogates, which pamqp does not write."""
    return not any("\ud800" <= character <= "\udfff" for character in value)


def _is_portable(value: Any) -> bool:
    if isinstance(value, int):
        return value in _INTEGERS
    if isinstance(value, float):
        return not abs(value) > _LARGEST_FLOAT or value in (float("inf"), float("-inf"))
    if isinstance(value, datetime):
        return value.year >= 1970  # AMQP counts seconds from there, without a sign
    if isinstance(value, str):
        return _is_text(value)
    return value is None or isinstance(value, Mapping | list)


def _portable(value: Any) -> Any:
    if isinstance(value, Mapping):
        return keep_portable_headers(value)
    if isinstance(value, list):
        return [_portable(item) for item in value if _is_portable(item)]
    return value
