"""Submissions that fail across the real processes: whose it is to fix them, where to go on, and that it works then."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import timedelta
from itertools import accumulate
from pathlib import Path

import amqp
import pytest
from kombu.utils.url import parse_url

from chassis.db import Database
from chassis.kernel import FixedClock, SystemClock, business_date
from deploy.local.demo.api import Api
from deploy.local.demo.carrier import DemoCarrier
from deploy.local.demo.journey import Journey
from deploy.local.suite import LocalSuite
from deploy.local.waiting import wait_until
from services.enrollment.events.outgoing import FAILED, SUBMITTED, event_to_proto
from services.enrollment.rulebook import Rulebook
from services.enrollment.store.ssn_encryption import SsnEncryption
from services.enrollment.store.work import make_transactions
from services.enrollment.usecases.application_service import ApplicationService
from services.enrollment.usecases.retry_stuck_submissions import WAITS, RetryStuckSubmissions
from tests.integration.filings import Row, changed_filing, rewrite

# The first test to ask for the suite waits for its start.
pytestmark = pytest.mark.timeout(300)
CLOCK = SystemClock()
TODAY = business_date(CLOCK.now(), "IL")
PATIENCE_SECONDS = 30.0


@contextmanager
def nobody_reaches_quote(suite: LocalSuite) -> Iterator[None]:
    """Calls to quote over the bus find nobody, while all processes run; the portal's own way to it stays."""
    parts = parse_url(suite.broker.url)
    host = f"{parts['hostname']}:{parts['port'] or 5672}"
    way = {"queue": "rpc-quote", "exchange": "nameko-rpc", "routing_key": "quote.*"}
    with (
        amqp.Connection(
            host, userid=parts["userid"], password=parts["password"], virtual_host=parts["virtual_host"] or "/"
        ) as connection,
        connection.channel() as channel,
    ):
        channel.queue_unbind(**way)
        try:
            yield
        finally:
            channel.queue_bind(**way)


def ask_after(suite: LocalSuite, wait: timedelta) -> int:
    """Enrollment's timer for submissions without outcome, as if so much time had passed."""
    keys = (suite.keys["ENROLLMENT_FIELD_KEY"], suite.keys["ENROLLMENT_INDEX_KEY"])
    with closing(Database(suite.databases["enrollment"])) as database:
        store = make_transactions(database, SsnEncryption.with_keys(*keys), event_to_proto)
        late = FixedClock(CLOCK.now() + wait + timedelta(seconds=1))
        return RetryStuckSubmissions(ApplicationService(store, late, Rulebook().loaded()), lambda: 0)()


def status_of(suite: LocalSuite, journey: Journey) -> str:
    with closing(Api(suite.ports.portal_url)) as second:
        second.use(journey.api.token)
        return str(second.get(f"/applications/{journey.record_number}")["status"])


def withdraw(filing: Path, component: str) -> None:
    def others(rows: Iterable[Row]) -> list[Row]:
        return [row for row in rows if component not in (row.get("StandardComponentId"), row["PlanId"])]

    for name in ("plan_attributes.csv", "benefits.csv", "rates.csv"):
        rewrite(filing / name, others)


def list_plans(journey: Journey) -> list[str]:
    return [str(plan["plan_id"]) for plan in journey._search("medical", journey.birth.isoformat())]


def another(journey: Journey, plan_id: str) -> str:
    """A plan of the list without the withdrawn one, which stands there until the new catalogue is taken up."""
    assert wait_until(lambda: plan_id not in list_plans(journey), PATIENCE_SECONDS)
    return list_plans(journey)[0]


def submit(api: Api, journey: Journey) -> None:
    path = f"/applications/{journey.record_number}/submission"
    journey.application = api.post_on(path, {}, journey.application["version"])
    journey.wait_for_outcome()


def outcomes(carrier: DemoCarrier, journey: Journey) -> list[str]:
    return [event.type for event in carrier.distinct(journey.record_number) if event.type in (FAILED, SUBMITTED)]


def actions(api: Api, journey: Journey) -> list[str]:
    return [entry["action"] for entry in api.get(f"/applications/{journey.record_number}/timeline")["entries"]]


def test_submission_without_an_answer_fails_with_class_ours_and_succeeds_when_repeated(
    suite: LocalSuite, api: Api, carrier: DemoCarrier
) -> None:
    journey = Journey(api, TODAY)
    journey.until_ready()
    with nobody_reaches_quote(suite), ThreadPoolExecutor(1) as pool:
        sent = pool.submit(submit, api, journey)
        assert wait_until(lambda: status_of(suite, journey) == "submitting", PATIENCE_SECONDS)
        # each wait begins when it was asked for the last time
        assert [ask_after(suite, wait) for wait in accumulate(WAITS)] == [1] * len(WAITS)
        sent.result()

    failed = journey.application
    assert (failed["status"], failed["failure_class"]) == ("failed", "ours")
    assert failed["return_to"] == {"step": "signatures", "field": ""}
    assert [failure["message"] for failure in failed["failures"]] == [
        "We could not finish the submission because of a problem on our side. "
        "You do not need to change anything. Submit again."
    ]
    assert carrier.wait_for(FAILED, journey.record_number).body["failureClass"] == "FAILURE_CLASS_OURS"

    submit(api, journey)
    assert journey.application["status"] == "submitted", journey.application["failures"]
    carrier.wait_for("documents.application_pdf.rendered.v1", journey.record_number)
    carrier.wait_for(SUBMITTED, journey.record_number)  # of another service, which may be told later
    assert outcomes(carrier, journey) == [FAILED, SUBMITTED]
    assert {actions(api, journey).count(one) for one in ("submission.failed", "application.submitted")} == {1}


def test_a_plan_that_is_withdrawn_before_the_submission_is_the_carriers_and_another_one_is_chosen(
    suite: LocalSuite, api: Api, carrier: DemoCarrier, tmp_path: Path
) -> None:
    journey = Journey(api, TODAY)
    journey.until_ready()
    plan = journey.application["plans"]["medical_plan_id"]
    with changed_filing(suite, tmp_path, journey.birth.year, lambda filing: withdraw(filing, plan[:14])):
        submit(api, journey)
        failed = journey.application
        assert (failed["status"], failed["failure_class"]) == ("failed", "carrier")
        assert failed["return_to"] == {"step": "plans", "field": "medical_plan_id"}
        assert "Choose one from the list" in failed["failures"][0]["message"]
        assert carrier.wait_for(FAILED, journey.record_number).body["failureClass"] == "FAILURE_CLASS_CARRIER"

        path = f"/applications/{journey.record_number}/steps/plans"
        chosen = {"medical_plan_id": another(journey, plan), "dental_plan_id": failed["plans"]["dental_plan_id"]}
        journey.application = api.put(path, chosen, failed["version"])
        submit(api, journey)
    # the tests that follow find it again
    assert wait_until(lambda: plan in list_plans(journey), PATIENCE_SECONDS)
    assert journey.application["status"] == "submitted", journey.application["failures"]
    carrier.wait_for(SUBMITTED, journey.record_number)
    assert outcomes(carrier, journey) == [FAILED, SUBMITTED]
