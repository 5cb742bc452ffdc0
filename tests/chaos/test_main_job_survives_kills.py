"""What: kill -9 of each process, servers included, at the worst moment of the main job.

How: a whole suite with servers of its own; the producer submits, and while the submission travels one process is
killed. Its supervisor starts it again; the front end and the events retry.
Invariant: the application reaches Submitted exactly once: one event, one PDF, one assignment, one paid binder payment;
and what is cancelled is so once, with one event of enrollment and one of payment; and no row breaks an SQL invariant.
"""

import threading
from collections.abc import Iterator
from contextlib import closing

import pytest

from chassis.kernel import SystemClock, business_date
from deploy.local.demo.api import Api
from deploy.local.demo.carrier import DemoCarrier, carrier_with_feed
from deploy.local.demo.journey import Journey
from deploy.local.suite import LocalSuite
from tests.chaos.submission_storm import settle_broker
from tests.integration.test_after_submission import CANCELLED, cancel, submitted
from tests.invariants import find_broken

# A killed broker needs about ten seconds to be back, and a busy machine is slow.
pytestmark = pytest.mark.timeout(300)
# Between the request and its outcome: the submission is then in the outbox, on the bus or in its steps.
KILL_AFTER_SECONDS = 0.05
PAYMENT_CANCELLED = "payment.payment.cancelled.v1"
VICTIMS = ("gateway", "rpc", "worker", "relay", "page", "sandbox", "prefork", "rabbitmq", "postgres")
ONCE = (
    "enrollment.application.submitted.v1",
    "pcp.assignment.made.v1",
    "documents.application_pdf.rendered.v1",
    "payment.payment.succeeded.v1",
)


@pytest.fixture(scope="module")
def own_suite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalSuite]:
    """Servers too are this test's own: they get killed."""
    suite = LocalSuite(state=tmp_path_factory.mktemp("chaos"))
    suite.start()
    yield suite
    suite.stop()


@pytest.fixture(scope="module")
def own_carrier(own_suite: LocalSuite) -> Iterator[DemoCarrier]:
    with carrier_with_feed(own_suite.broker.url, own_suite.databases, "kills") as carrier:
        settle_broker(own_suite)  # its queue is new, and the broker gets killed
        yield carrier


@pytest.mark.parametrize("victim", VICTIMS)
def test_a_process_killed_while_an_application_is_submitted_loses_nothing(
    own_suite: LocalSuite, own_carrier: DemoCarrier, victim: str
) -> None:
    with closing(Api(own_suite.ports.portal_url)) as api:
        journey = Journey(api, business_date(SystemClock().now(), "IL"))
        journey.until_ready()
        kill = threading.Timer(KILL_AFTER_SECONDS, own_suite.kill, [victim])
        kill.start()
        journey.submit()
        kill.join()
        journey.pay()
        journey.fetch_pdf()

        for event_type in ONCE:
            own_carrier.wait_for(event_type, journey.record_number)
        types = [event.type for event in own_carrier.distinct(journey.record_number)]
        assert {event_type: types.count(event_type) for event_type in ONCE} == dict.fromkeys(ONCE, 1)
        completed = api.get("/applications", status="completed")["applications"]
        assert [row["record_number"] for row in completed].count(journey.record_number) == 1
        assert find_broken(own_suite.databases) == []


@pytest.mark.parametrize("victim", ["gateway", "rpc", "worker", "relay"])
def test_a_process_killed_while_an_application_is_cancelled_leaves_one_cancellation(
    own_suite: LocalSuite, own_carrier: DemoCarrier, victim: str
) -> None:
    with closing(Api(own_suite.ports.portal_url)) as api:
        journey = submitted(api)
        kill = threading.Timer(KILL_AFTER_SECONDS, own_suite.kill, [victim])
        kill.start()
        cancel(api, journey)
        kill.join()
        # the application says at once what payment will do, so both events are waited for
        journey.wait_for_payment("cancelled")
        for event_type in (CANCELLED, PAYMENT_CANCELLED):
            own_carrier.wait_for(event_type, journey.record_number)
        assert journey.application["status"] == "cancelled"
        types = [event.type for event in own_carrier.distinct(journey.record_number)]
        assert [types.count(CANCELLED), types.count(PAYMENT_CANCELLED)] == [1, 1]
        assert find_broken(own_suite.databases) == []
