"""What: submissions to a real suite while its processes, the broker and PostgreSQL are killed at random.

How: gRPC in with one idempotency key each, until there is an answer; every link real; an outside subscriber listens.
Invariant: each application is submitted, assigned, opened for payment, printed and told once, in order, and no record
number is given twice. Two controls take the inbox or the outbox from the workers and have to see damage.

The short form runs with the other tests; ``make chaos`` runs 10,000 submissions and 53 kills, and the controls.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from deploy.local.suite import LocalSuite
from tests.chaos.storm_damage import Damage
from tests.chaos.submission_storm import (
    PROCESSES,
    WORKERS,
    Kill,
    SubmissionStorm,
    make_suite,
    plan_kills,
    spread,
    workers_without,
)

# Enough that each kill falls while others are at work.
SUBMISSIONS = int(os.environ.get("STORM_SUBMISSIONS", "60"))
# Of the suite's own processes; and the servers once each, which every process has to survive.
KILLS = int(os.environ.get("STORM_KILLS", "4"))
BROKER_KILLS = int(os.environ.get("STORM_BROKER_KILLS", "1"))
DATABASE_KILLS = int(os.environ.get("STORM_DATABASE_KILLS", "1"))
SEED = int(os.environ.get("STORM_SEED", "1"))
# A call over the bus whose worker was killed ends after 45 s; a submission that was lost on its way is asked for again
# after a minute; a delivery that failed four times waits a minute, and after the fifth time ten. Nobody waits where
# nothing is missing.
PATIENCE_SECONDS = float(os.environ.get("STORM_PATIENCE", "150"))
# What the control loses is lost for good, so that the longest call is all there is to wait for.
LOSS_PATIENCE_SECONDS = 50.0
CONTROL_SUBMISSIONS = 24
# Of workers alone, whose mechanism is off. One is enough to do damage when it falls while events are handled.
CONTROL_KILLS = 4

# Minutes on a loaded machine; those of ``test_chaos.py``, on a smaller service, run with every check.
only_in_make_chaos = pytest.mark.skipif(not os.environ.get("STORM_CONTROLS"), reason="make chaos runs the controls")

# Starting, a kill's recovery and a submission on a machine that does something else beside it.
pytestmark = pytest.mark.timeout(
    300 + (KILLS + BROKER_KILLS + DATABASE_KILLS) * 30 + SUBMISSIONS + int(PATIENCE_SECONDS)
)


@contextmanager
def running(state: Path, commands: Mapping[str, tuple[str, ...]] = PROCESSES) -> Iterator[LocalSuite]:
    suite = make_suite(state, commands)
    suite.start()
    try:
        yield suite
    finally:
        suite.stop()


def test_kills_lose_and_repeat_nothing_of_any_submission(tmp_path: Path) -> None:
    plan = plan_kills(SEED, SUBMISSIONS, KILLS, BROKER_KILLS, DATABASE_KILLS)
    with running(tmp_path) as suite:
        report = SubmissionStorm(suite, SEED, SUBMISSIONS, plan, PATIENCE_SECONDS).run()
    report.print()
    assert report.damage == Damage()
    assert report.broken == []


@pytest.fixture(scope="module")
def control_state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both controls use it one after the other; the second finds its databases made."""
    return tmp_path_factory.mktemp("controls")


@only_in_make_chaos
def test_without_the_inbox_kills_repeat_effects(control_state: Path) -> None:
    damage = hit_workers(control_state, "inbox", PATIENCE_SECONDS)
    assert damage.repeated
    assert not damage.lost


@only_in_make_chaos
def test_without_the_outbox_kills_lose_events(control_state: Path) -> None:
    assert hit_workers(control_state, "outbox", LOSS_PATIENCE_SECONDS).lost


def hit_workers(state: Path, without: str, patience: float) -> Damage:
    victims = [WORKERS[place % len(WORKERS)] for place in range(CONTROL_KILLS)]
    # when the first ones are through, so that each event is on its way
    plan = spread(SEED, CONTROL_SUBMISSIONS, victims, first=CONTROL_SUBMISSIONS - 4)
    with running(state, workers_without(without)) as suite:
        report = SubmissionStorm(suite, SEED, CONTROL_SUBMISSIONS, plan, patience).run()
    report.print()
    return report.damage


def test_a_seed_gives_the_same_plan_again() -> None:
    plan = plan_kills(7, 1000, 50, 2, 1)
    assert plan == plan_kills(7, 1000, 50, 2, 1) != plan_kills(8, 1000, 50, 2, 1)
    assert [kill.victim for kill in plan].count("rabbitmq") == 2
    assert [kill.victim for kill in plan].count("postgres") == 1
    assert plan == tuple(sorted(plan, key=lambda kill: kill.after))
    assert all(isinstance(kill, Kill) and 0 < kill.after < 1000 for kill in plan)
