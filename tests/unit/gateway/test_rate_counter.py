"""The counters of rate limits: exact, bounded, and forgiving to a clock that is set back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chassis.kernel import FixedClock
from gateway.edge.rate_limits import Quota, RateCounter, name_network
from gateway.settings import WebSettings

START = datetime(2026, 5, 20, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize("requests", [1, 7, 60, 240, 600, 100_000])
def test_a_whole_quota_may_be_used_at_once_and_no_more(requests: int) -> None:
    counter = RateCounter(Quota("reads", requests), FixedClock(START))
    taken = [counter.take("a") for _ in range(requests)]
    assert all(one.granted for one in taken)
    assert [one.left for one in taken] == list(range(requests - 1, -1, -1))
    assert taken[-1].whole_in == 60
    refused = counter.take("a")
    assert not refused.granted and 1 <= refused.retry_after <= 60
    assert counter.take("b").granted


def test_over_an_hour_nobody_gets_more_than_the_rate_and_one_quota() -> None:
    clock = FixedClock(START)
    counter = RateCounter(Quota("reads", 60), clock)
    granted = 0
    for second in range(3_600):
        clock.set(START + timedelta(seconds=second))
        granted += sum(counter.take("a").granted for _ in range(5))
    assert 3_600 <= granted <= 3_600 + 60


def test_who_waits_as_told_is_granted() -> None:
    clock = FixedClock(START)
    counter = RateCounter(Quota("reads", 7), clock)
    for _ in range(7):
        counter.take("a")
    clock.set(START + timedelta(seconds=counter.take("a").retry_after))
    assert counter.take("a").granted


def test_memory_is_bounded_and_those_who_used_the_most_are_remembered() -> None:
    counter = RateCounter(Quota("visitors", 3), FixedClock(START), most=100)
    for _ in range(4):
        counter.take("greedy")
    for number in range(10_000):
        counter.take(f"visitor {number}")
        assert len(counter) <= 100
    assert not counter.take("greedy").granted


def test_full_buckets_are_forgotten() -> None:
    clock = FixedClock(START)
    counter = RateCounter(Quota("visitors", 3), clock, most=100)
    for number in range(100):
        counter.take(f"visitor {number}")
    clock.set(START + timedelta(minutes=2))
    counter.take("next")
    assert len(counter) == 1


def test_a_clock_that_is_set_back_locks_nobody_out_for_longer_than_a_window() -> None:
    clock = FixedClock(START)
    counter = RateCounter(Quota("reads", 3), clock)
    for _ in range(3):
        counter.take("a")
    clock.set(START - timedelta(days=1))
    assert counter.take("a").retry_after <= 60 / 3


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("fe80::1%eth0:x", "fe80::2%eth0:x", True),
        ("no:address", "no:address", True),
    ],
)
def test_addresses_of_one_network_are_one_visitor(one: str, other: str, same: bool) -> None:
    assert (name_network(one) == name_network(other)) is same


@pytest.mark.parametrize(
    ("environment", "setting", "on"),
    [("production", None, True), ("local", None, False), ("test", True, True), ("production", False, False)],
)
def test_limits_are_on_in_production_unless_they_are_turned_off(
    environment: Any, setting: bool | None, on: bool
) -> None:
    assert WebSettings(suite_env=environment, rate_limits=setting).limits_rates is on
