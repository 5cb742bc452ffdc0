"""What: a process of the real suite ends at each named point while an application is submitted.

How: a suite with ``SUITE_ENV=test``; the test writes the point into a file, and again once a process took it, so that
the next one that gets there ends as well: gRPC first, then workers and relay.
Invariant: one outcome, PDF and assignment, each told once, and no row breaks an SQL invariant.
"""

import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from chassis.kernel import SystemClock, business_date
from deploy.local.demo.api import Api
from deploy.local.demo.carrier import DemoCarrier
from deploy.local.demo.journey import STATE, Journey
from deploy.local.suite import LocalSuite
from tests.chaos.storm_damage import ASSIGNED, RENDERED, SUBMITTED
from tests.invariants import find_broken

# Several restarts, each of some ten seconds on a busy machine.
pytestmark = pytest.mark.timeout(300)
POINTS = (
    "before commit",
    "after commit before publish",
    "after publish before mark",
    "after mark",
    "after inbox before commit",
    "after commit before ack",
)
# At the same point: of one submission, another process or another step each time.
CRASHES = 3
# Until the next process is there; a submission passes every point several times.
LOOK_SECONDS = 0.02


@pytest.fixture(scope="module")
def crash_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("crash") / "point"


@pytest.fixture(scope="module")
def crashing_suite(crash_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalSuite]:
    env = {"SUITE_ENV": "test", "CHASSIS_CRASH_ONCE": str(crash_file)}
    suite = LocalSuite(state=tmp_path_factory.mktemp("suite"), env=env)
    suite.start()
    yield suite
    suite.stop()


@pytest.mark.parametrize("point", POINTS)
def test_a_crash_at_a_point_of_a_submission_loses_and_repeats_nothing(
    crashing_suite: LocalSuite, crash_file: Path, point: str
) -> None:
    with (
        closing(Api(crashing_suite.ports.portal_url)) as api,
        closing(DemoCarrier(crashing_suite.broker.url, queue=f"crash.{point}")) as carrier,
    ):
        journey = Journey(api, business_date(SystemClock().now(), STATE))
        journey.until_ready()
        over = threading.Event()
        crashed: list[bool] = []

        def write_point() -> None:
            while len(crashed) < CRASHES and not over.is_set():
                crash_file.write_text(point)
                while crash_file.exists() and not over.wait(LOOK_SECONDS):
                    pass
                crashed.append(not crash_file.exists())

        writer = threading.Thread(target=write_point)
        writer.start()
        try:
            journey.submit()
            journey.fetch_pdf()
            for event_type in (SUBMITTED, RENDERED, ASSIGNED):
                carrier.wait_for(event_type, journey.record_number)
        finally:
            over.set()
            writer.join()
            crash_file.unlink(missing_ok=True)
        crashing_suite.wait_ready()
        assert sum(crashed) > 0, "a process ended there"
        types = [event.type for event in carrier.distinct(journey.record_number)]
        assert [types.count(event_type) for event_type in (SUBMITTED, RENDERED, ASSIGNED)] == [1, 1, 1]
        assert find_broken(crashing_suite.databases) == []
