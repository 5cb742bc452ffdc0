"""What: the database is away while messages come, by resets or in silence.

How: a worker and the gateway's listener share a queue and reach their database over a proxy; the retries are the real
ones. ``make network-faults`` has it away for 60 s (AWAY_SECONDS), and in both ways.
Invariant: nothing becomes a dead letter, and all is done, once, within 90 s after it is back.
"""

from __future__ import annotations

import os
import time
from collections import Counter

import pytest
from rich.console import Console

from tests.fault_proxy import FaultProxy
from tests.integration.chassis.processes import QUEUE, Toy
from tests.integration.chassis.test_delivery import deliver, note
from tests.integration.chassis.waiting import until
from tests.network_faults import BlackHole, Fault, Reset

# Two tries at once and a third after ten seconds: with these the third finds it back.
AWAY_SECONDS = float(os.environ.get("AWAY_SECONDS", "6"))
FULL = "AWAY_SECONDS" in os.environ
# A few a second, as from the other services, whose databases are there.
MESSAGES_PER_SECOND = 10
DONE_WITHIN = 90.0
CONSUMERS = ("worker", "listener")
WAYS: list[Fault] = [Reset(), BlackHole()] if FULL else [Reset()]

pytestmark = pytest.mark.timeout(300 + AWAY_SECONDS + DONE_WITHIN)


def heard(toy: Toy) -> Counter[str]:
    return Counter(dict(map(tuple, toy.rows("select note_id, count(*) from effect group by note_id"))))


def send_while_away(toy: Toy, proxy: FaultProxy, fault: Fault) -> list[str]:
    """Ids of the notes that came meanwhile; it is back then."""
    begun = time.monotonic()
    sent: list[str] = []
    with proxy.having(fault):
        while time.monotonic() < begun + AWAY_SECONDS:
            sent.append(f"note {len(sent)}")
            deliver(toy, note("hello", sent[-1]), message_id=sent[-1])
            time.sleep(1 / MESSAGES_PER_SECOND)
    return sent


def start_consumers(toy: Toy, proxy: FaultProxy, **extra: str) -> None:
    url = proxy.url_of(toy.environment["TOY_DATABASE_URL"])
    for consumer in CONSUMERS:
        toy.start(consumer, TOY_DATABASE_URL=url, TOY_LADDER="", **extra)
        deliver(toy, note("hello", consumer))
        until(lambda consumer=consumer: heard(toy)[consumer])  # type: ignore[misc]  # of this turn


@pytest.mark.parametrize("fault", WAYS, ids=[type(way).__name__ for way in WAYS])
def test_a_database_that_is_away_makes_no_dead_letter_and_all_is_done_when_it_is_back(toy: Toy, fault: Fault) -> None:
    with FaultProxy.to(toy.environment["TOY_DATABASE_URL"]) as proxy:
        start_consumers(toy, proxy)
        sent = send_while_away(toy, proxy, fault)
        back = time.monotonic()
        until(lambda: heard(toy).keys() >= set(sent), DONE_WITHIN)
        took = time.monotonic() - back
        Console().print(f"{len(sent)} messages while away for {AWAY_SECONDS:g} s, {fault}: done {took:.1f} s after it")
        assert set(heard(toy).values()) == {1}
        assert toy.waiting(QUEUE.dead.name) == 0


def test_without_a_word_for_temporary_failures_they_are_dead_letters(toy: Toy) -> None:
    """The control."""
    with FaultProxy.to(toy.environment["TOY_DATABASE_URL"]) as proxy:
        start_consumers(toy, proxy, TOY_TEMPORARY="off")
        with proxy.having(Reset()):
            deliver(toy, note("hello", "lost"), message_id="lost")
            until(lambda: toy.waiting(QUEUE.dead.name))
    assert heard(toy)["lost"] == 0
