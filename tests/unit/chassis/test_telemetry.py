"""Logs: an allow-list of keys, plain values, and never what somebody typed."""

from __future__ import annotations

import io
import json
import logging
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import structlog
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chassis import telemetry
from chassis.telemetry import ALLOWED_KEYS, get_logger, scrub, start_trace, trace_headers
from tests.log_lines import written_lines

CANARY = "Beatrix"
SSN = "123-45-6789"


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    with written_lines() as output:
        yield output


def written(lines: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines.getvalue().splitlines()]


typed = st.one_of(st.just(CANARY), st.just(SSN), st.text().map(lambda text: text + CANARY))
nested = st.recursive(typed, lambda inner: st.lists(inner) | st.dictionaries(typed, inner) | st.tuples(inner, inner))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    payload=nested,
    unlisted=st.text(min_size=1).filter(lambda key: key not in ALLOWED_KEYS | {"exc_info", "stack_info", "self"}),
    listed=st.sampled_from(sorted(ALLOWED_KEYS - {"event"})),
)
def test_no_payload_is_ever_logged(lines: io.StringIO, payload: Any, unlisted: str, listed: str) -> None:
    boxed: Any = [payload]  # a value of the wrong kind under a key that is allowed
    get_logger().warning("something happened", **{unlisted: payload, listed: boxed})
    get_logger().error("something failed", exc_info=ValueError(payload, boxed))
    logging.getLogger("library").error("failed with %s and %r", payload, boxed)
    assert CANARY not in lines.getvalue()
    assert SSN not in lines.getvalue()


def test_a_line_says_what_happened_where_and_in_which_process(lines: io.StringIO) -> None:
    start_trace("00-" + "a" * 32 + "-" + "b" * 16 + "-01")
    get_logger().warning("event failed", queue="q", attempt=2, state=None)
    [line] = written(lines)
    assert line | {"event": "event failed", "queue": "q", "attempt": 2, "level": "warning", "process": "test"} == line
    assert line["trace_id"] == "a" * 32


def test_a_line_break_in_a_value_begins_no_line_of_its_own(lines: io.StringIO) -> None:
    forged = 'one\n{"event": "signed in"}\r\u2028{"event": "signed in"}'
    get_logger().warning("event failed", queue=forged)
    logging.getLogger("library").warning(forged)
    assert lines.getvalue().count("\n") == len(lines.getvalue().splitlines()) == 2
    assert [line["level"] for line in written(lines)] == ["warning", "warning"]


def test_times_are_utc(lines: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "America/Chicago")
    time.tzset()
    try:
        get_logger().warning("event failed")
    finally:
        monkeypatch.undo()
        time.tzset()
    [line] = written(lines)
    assert abs(datetime.fromisoformat(line["timestamp"]) - datetime.now(UTC)) < timedelta(minutes=5)
    assert line["timestamp"].endswith(("Z", "+00:00"))


def test_an_error_shows_its_kind_and_place_and_not_its_arguments(lines: io.StringIO) -> None:
    try:
        raise KeyError(CANARY) from RuntimeError(CANARY)
    except KeyError:
        get_logger().exception("step failed")
    [line] = written(lines)
    assert line["error_type"] == "KeyError"
    assert "test_telemetry.py" in line["stack"][-1]
    assert CANARY not in lines.getvalue()


def test_a_librarys_line_keeps_its_template_and_loses_what_was_filled_in(lines: io.StringIO) -> None:
    try:
        raise ValueError(CANARY)
    except ValueError as error:
        logging.getLogger("library").exception("error handling %s: %s", "worker", error)
        logging.getLogger("library").error(error)
    first, second = written(lines)
    assert (first["event"], first["error_type"]) == ("error handling %s: %s", "ValueError")
    assert second["event"] == "ValueError"
    assert CANARY not in lines.getvalue()


def test_an_error_that_nobody_caught_is_logged_in_the_same_way(lines: io.StringIO) -> None:
    sys.excepthook(ValueError, ValueError(CANARY), None)
    thread = threading.Thread(target=lambda: vars(telemetry)[CANARY])
    thread.start()
    thread.join()
    assert [line["error_type"] for line in written(lines)] == ["ValueError", "KeyError"]
    assert CANARY not in lines.getvalue()


@pytest.mark.parametrize(
    "text",
    ["123-45-6789", "123456789", "ssn 123-45-6789.", "4111 1111 1111 1111", "4111-1111-1111-1111", "4111111111111111"],
)
def test_numbers_of_people_and_cards_are_blotted_out(text: str) -> None:
    assert not any(digit in scrub(text) for digit in "123456789")


@pytest.mark.parametrize("text", ["A-000123", "2026-05-20", "75201", "port 35777", "T1 took 0.123 s"])
def test_ordinary_numbers_stay(text: str) -> None:
    assert scrub(text) == text


@given(made=st.uuids() | st.from_regex(r"\A\d{8}(-\d{4}){3}-\d{12}\Z").map(UUID))
def test_an_id_stays_whatever_its_digits_are(made: UUID) -> None:
    assert scrub(str(made)) == str(made)


@pytest.mark.parametrize("header", [None, "", "nonsense", 5, "00-" + "z" * 32 + "-" + "b" * 16 + "-01"])
def test_a_trace_that_is_none_is_begun_anew(header: object) -> None:
    start_trace(header)
    assert trace_headers()["traceparent"].startswith("00-")
    assert trace_headers()["traceparent"] != header


def test_labels_of_metrics_are_few_and_none_names_a_person() -> None:
    labels = {
        name
        for metric in (
            telemetry.CALLS,
            telemetry.CALL_SECONDS,
            telemetry.EVENTS,
            telemetry.PUBLISHED,
            telemetry.FORWARDED,
        )
        for name in metric._labelnames
    }
    assert labels == {"door", "feed", "method", "outcome", "queue", "service"}


def test_where_nothing_is_configured_no_local_variable_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    structlog.reset_defaults()
    typed = CANARY
    try:
        raise ValueError(f"{typed} {SSN}")
    except ValueError as error:
        get_logger().error("request failed", exc_info=error, body=typed)
    found = capsys.readouterr()
    structlog.reset_defaults()
    assert "request failed" in found.out, "the control: a line was written"
    assert "ValueError" in found.out
    assert CANARY not in found.out + found.err
    assert SSN not in found.out + found.err
