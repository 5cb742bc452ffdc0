"""What: a process of the real suite ends at each named point while an application is submitted, and in everything else
that the suite can do.

How: a suite with ``SUITE_ENV=test``; a test writes the point into a file, and again once a process took it, so that
the next one that gets there ends as well: gRPC first, then workers and relay. The others write all points into a file,
at each of which every act (a use case, a queue, a relay) ends a process once: they call every method of every service
with a sample request, again until there is an answer, use the gateway, and send messages to every queue.
Invariant: one outcome, PDF and assignment, each told once; every call is answered as if nothing had happened, every act
gets on, and no row breaks an SQL invariant. An act in which no process ended fails, unless ``crash_table.py`` says why.

``make test`` runs a sample of the methods (CRASH_SEED), ``make crash-points`` all, and the control.
"""

import os
import random
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from chassis.contract import is_client_streaming
from chassis.failpoints import mark_of
from chassis.kernel import SystemClock, business_date
from deploy.local import supervisor
from deploy.local.demo.api import Api
from deploy.local.demo.carrier import carrier_with_feed
from deploy.local.demo.journey import STATE, Journey
from deploy.local.keys import SERVICES
from deploy.local.suite import LocalSuite
from deploy.local.waiting import wait_until
from gateway.edge.rpcs import ENROLLMENT
from tests.chaos.crash_acts import BEFORE_ACK, COMMITS, FAILED, HANDLED, POINTS, RELAYED, list_acts
from tests.chaos.crash_story import CrashStory, PatientCalls
from tests.chaos.crash_table import NOT_ENDED, READS
from tests.chaos.mechanisms import GUARDED_BY_INBOX
from tests.chaos.patience import PATIENCE_SECONDS
from tests.chaos.restarts import Restarts
from tests.chaos.storm_damage import ASSIGNED, RENDERED, SUBMITTED
from tests.invariants import find_broken
from tests.sample_requests.every_method import METHODS
from tests.sample_requests.records import CARRIER_GRANTS
from tests.suite_calls import open_grpc

# Every act, or a sample.
FULL = bool(os.environ.get("CRASH_POINTS"))
SEED = int(os.environ.get("CRASH_SEED", "1"))
only_in_make_crash_points = pytest.mark.skipif(not FULL, reason="make crash-points does everything at every point")
# Several restarts, each of some ten seconds on a busy machine; some four hundred of all.
pytestmark = pytest.mark.timeout(3600 if FULL else 300)
# At the same point: of one submission, another process or another step each time.
CRASHES = 3
# A request with one of these changes something.
KEYS = {"idempotency_key", "version"}
FEW = 2
# The second retry of a delivery comes after 10 s.
QUIET_SECONDS = 12.0 if FULL else 3.0
# What did not take effect is done again; after a commit it may be enough to look.
ALWAYS_AGAIN = ("before commit", *HANDLED, BEFORE_ACK, *FAILED[:1], *RELAYED[:1])
# Until the next process is there; a submission passes every point several times.
LOOK_SECONDS = 0.02


@pytest.fixture(scope="module")
def crash_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("crash") / "point"


@pytest.fixture(scope="module")
def crash_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("crashes")


@pytest.fixture(scope="module")
def crashing_suite(
    crash_file: Path, crash_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LocalSuite]:
    env = {"SUITE_ENV": "test", "CHASSIS_CRASH_ONCE": str(crash_file), "CHASSIS_CRASH_EACH": str(crash_folder)}
    grants = tmp_path_factory.mktemp("grants") / "carrier_grants.yaml"
    grants.write_text(CARRIER_GRANTS)
    env["ENROLLMENT_CARRIER_GRANTS"] = str(grants)
    suite = LocalSuite(state=tmp_path_factory.mktemp("suite"), env=env)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(supervisor, "LONGEST_PAUSE", supervisor.FIRST_PAUSE)  # many processes end here, one by one
        suite.start()
        try:
            yield suite
        finally:
            suite.stop()


@pytest.fixture(scope="module")
def story(crashing_suite: LocalSuite, crash_folder: Path) -> Iterator[CrashStory]:
    ports, restarts = crashing_suite.ports, Restarts(crashing_suite)
    with (
        open_grpc(crashing_suite) as calls,
        closing(Api(ports.portal_url)) as api,
        carrier_with_feed(crashing_suite.broker.url, crashing_suite.databases, "crashes"),
        restarts.watching(),
    ):
        api.sign_in("producer@example.com", "demo")
        patient = PatientCalls(calls, ports.ready_urls()["rpc"])
        yield CrashStory(crashing_suite, crash_folder, patient, api, restarts)


@pytest.mark.skipif(FULL, reason="a submission is among the acts")
@pytest.mark.parametrize("point", [*COMMITS, *RELAYED, *HANDLED, BEFORE_ACK])
def test_a_crash_at_a_point_of_a_submission_loses_and_repeats_nothing(
    crashing_suite: LocalSuite, crash_file: Path, point: str
) -> None:
    with (
        closing(Api(crashing_suite.ports.portal_url)) as api,
        carrier_with_feed(crashing_suite.broker.url, crashing_suite.databases, point.replace(" ", "-")) as carrier,
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


@pytest.mark.skipif(FULL, reason="all acts end a process")
def test_a_crash_in_some_acts_loses_and_repeats_nothing(story: CrashStory, crashing_suite: LocalSuite) -> None:
    changing = [one for one in METHODS if KEYS & set(one.input_type.fields_by_name)]
    with story.ending_at(POINTS):
        story.call(random.Random(SEED).sample(changing, FEW))
        story.rest(QUIET_SECONDS)
    story.report()
    assert sum(len(story.find_ended(point)) for point in POINTS) > FEW
    assert find_broken(crashing_suite.databases) == []


@only_in_make_crash_points
def test_a_crash_in_every_method_loses_and_repeats_nothing(story: CrashStory, crashing_suite: LocalSuite) -> None:
    with story.ending_at(POINTS):
        story.call([one for one in METHODS if not is_client_streaming(one)])
        story.cancel_payment()
        story.rest(QUIET_SECONDS)
    assert find_broken(crashing_suite.databases) == []


@only_in_make_crash_points
def test_a_crash_in_the_gateway_loses_and_repeats_nothing(story: CrashStory, crashing_suite: LocalSuite) -> None:
    with story.ending_at(POINTS):
        story.use_gateway()
        story.rest(QUIET_SECONDS)
    assert find_broken(crashing_suite.databases) == []


@only_in_make_crash_points
def test_a_crash_at_every_queue_loses_and_repeats_nothing(story: CrashStory, crashing_suite: LocalSuite) -> None:
    with story.ending_at(POINTS):
        story.publish_to(list_acts(BEFORE_ACK))
        story.rest(QUIET_SECONDS)
    assert find_broken(crashing_suite.databases) == []


@only_in_make_crash_points
def test_every_act_ended_a_process_and_came_again(story: CrashStory) -> None:
    """In the tests above."""
    story.report()
    missing = {point: sorted(list_acts(point) - story.find_ended(point) - NOT_ENDED.keys()) for point in POINTS}
    assert {point: acts for point, acts in missing.items() if acts} == {}
    assert {act for point in POINTS for act in story.find_ended(point) if NOT_ENDED.get(act) == READS} == set()
    came_again = {point: {one.act for one in story.find_returned(point)} for point in ALWAYS_AGAIN}
    stuck = {point: sorted(story.find_ended(point) - came_again[point]) for point in ALWAYS_AGAIN}
    assert {point: acts for point, acts in stuck.items() if acts} == {}


@only_in_make_crash_points
def test_without_the_inbox_an_end_repeats_an_effect(
    story: CrashStory, crashing_suite: LocalSuite, crash_folder: Path
) -> None:
    """The last one on this suite: what it breaks stays broken."""
    without = ("tests.chaos.without", "inbox", "services", "worker", *SERVICES)
    crashing_suite.supervisor.retire("worker")
    crashing_suite.supervisor.start(crashing_suite.settings.spec("worker", without))
    crashing_suite.wait_ready()
    (crash_folder / mark_of(BEFORE_ACK, f"enrollment.{GUARDED_BY_INBOX}")).unlink(missing_ok=True)
    with story.ending_at([BEFORE_ACK]):
        story.call([ENROLLMENT["SubmitApplication"]])
        wait_until(lambda: bool(find_broken(crashing_suite.databases)), PATIENCE_SECONDS)
    assert "the timeline tells once what happens once" in {one.name for one in find_broken(crashing_suite.databases)}
