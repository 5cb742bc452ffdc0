"""What: faults of the network between the suite's processes, RabbitMQ, PostgreSQL and gRPC under submissions.

How: every link leads through a proxy of the test; each fault falls on each link while applications are submitted.
Invariant: within ten seconds of its end (in the short form a minute) every process is ready, a page is answered, and so
is every submission that begins from then on, with its outcome; nothing is lost, repeated, out of order or a dead
letter, and nobody ended.

The short form runs with the other tests; ``make network-faults`` is every fault on every link under 200 submissions.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.chaos.network_storm import (
    GRPC,
    LINKS,
    POSTGRESQL,
    RABBITMQ,
    NetworkStorm,
    ObservedCall,
    Trial,
    proxied_suite,
    seconds_until_answered,
)
from tests.chaos.storm_damage import Damage
from tests.network_faults import Bandwidth, BlackHole, Fault, HalfOpen, Latency, Reset, SlowClose, Stall

SUBMISSIONS = int(os.environ.get("NETWORK_SUBMISSIONS", "0"))
SEED = int(os.environ.get("NETWORK_SEED", "1"))
# From the end of the fault (reliability.md 1.6). The short form runs beside other tests: it asks that it comes back.
BACK_WITHIN = 10.0 if SUBMISSIONS else 60.0
# As for the storm: a call over the bus ends after 45 s, and a delivery that failed four times waits a minute.
PATIENCE_SECONDS = 150.0
# A fault and its length in seconds. Connections that are half open are lost in a moment, and never come back: what
# counts is how soon that is noticed. The other faults last longer than a person's call, and the long ones longer than
# anybody waits for a silent connection.
FAULTS: tuple[tuple[Fault, float], ...] = (
    (Latency(), 8.0),
    (Bandwidth(), 8.0),
    (Reset(), 6.0),
    (BlackHole(), 6.0),
    (BlackHole(), 20.0),
    (Stall(), 6.0),
    (Stall(), 30.0),
    (SlowClose(), 4.0),
    (HalfOpen(), 0.0),
)
EVERY = [(fault, link, seconds) for fault, seconds in FAULTS for link in LINKS]
SHORT: list[tuple[Fault, str, float]] = [
    (HalfOpen(), RABBITMQ, 0.0),
    (BlackHole(), POSTGRESQL, 3.0),
    (Reset(), GRPC, 2.0),
]

pytestmark = pytest.mark.timeout(400 + SUBMISSIONS * len(EVERY) * 2)


def make_trials() -> list[Trial]:
    if not SUBMISSIONS:
        return [Trial(fault, link, seconds, submissions=8, after=2) for fault, link, seconds in SHORT]
    return [Trial(fault, link, seconds, SUBMISSIONS, after=SUBMISSIONS // 5) for fault, link, seconds in EVERY]


def test_the_suite_is_back_after_faults_of_the_network_and_nothing_is_lost_or_repeated(tmp_path: Path) -> None:
    with proxied_suite(tmp_path / "suite", SEED) as (suite, proxies):
        report = NetworkStorm(suite, proxies, SEED, make_trials(), PATIENCE_SECONDS).run_all()
    report.print()
    assert report.damage == Damage()
    assert report.broken == []
    assert report.dead_letters == 0
    assert [result.restarts for result in report.results if result.restarts] == []
    late = {(str(one.trial.fault), one.trial.link): one.back_after for one in report.results}
    assert {what: after for what, after in late.items() if after > BACK_WITHIN} == {}


def call(began: float, ended: float, complete: bool = True) -> ObservedCall:
    return ObservedCall(began, ended, complete)


@pytest.mark.parametrize(
    ("calls", "seconds"),
    [
        ([call(9, 11)], float("inf")),
        ([call(9, 11, complete=False), call(11, 12)], 2),
        ([call(11, 12), call(11, 14, complete=False), call(13, 15), call(14, 16)], 5),
        ([call(11, 12), call(12, 13, complete=False)], float("inf")),
    ],
    ids=["begun before", "first", "the last that was not answered counts", "none after it"],
)
def test_the_suite_is_back_when_a_call_is_answered_and_all_after_it(calls: list[ObservedCall], seconds: float) -> None:
    assert seconds_until_answered(calls, 10) == seconds
