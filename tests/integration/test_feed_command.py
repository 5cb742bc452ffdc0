"""``portal feed`` against the real suite, and the subscriber of the how-to on the feed that it made."""

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chassis.bus import publish
from chassis.bus.envelope import Envelope
from chassis.bus.topology import FeedQueue
from deploy.local.keys import SERVICES
from deploy.local.suite import LocalSuite
from tests.integration.chassis.waiting import until

# The first test to ask for the suite waits for its start.
pytestmark = pytest.mark.timeout(300)
ROOT = Path(__file__).parents[2]
NAME, SUBMITTED = "example-carrier", "enrollment.application.submitted.v1"
BODY = (
    b'{"recordNumber": "A-0638", "state": "IL", "effectiveDate": "2027-01-01", '
    b'"plans": [{"name": "Sample HMO"}], "monthlyPremium": {"cents": "88679"}}'
)


def portal(suite: LocalSuite, *arguments: str) -> subprocess.CompletedProcess[str]:
    databases = {f"{service.upper()}_DATABASE_URL": suite.databases[service] for service in SERVICES}
    return subprocess.run(
        [sys.executable, "-m", "portal", "feed", *arguments],
        env={**os.environ, "SUITE_ENV": "local", "AMQP_URL": suite.broker.url, **databases},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture
def feed(suite: LocalSuite) -> Iterator[str]:
    done = portal(suite, "add", NAME, "--event", SUBMITTED)
    assert done.stdout == f"{NAME}: 1 event types, in the queue feed.{NAME}.\n", done.stderr
    yield NAME
    portal(suite, "remove", NAME, "--discard")


def send(suite: LocalSuite) -> None:
    event = Envelope(str(uuid.uuid4()), SUBMITTED, "A-0638", datetime.now(UTC), BODY, {})
    with publish.open_connection(suite.broker.url) as connection:
        said = publish.ConfirmedPublisher(connection).publish_events([event], FeedQueue(NAME).name)
    assert said == [publish.Outcome.CONFIRMED]


def test_a_feed_is_listed_and_removed_only_when_it_was_read(suite: LocalSuite, feed: str) -> None:
    listed = portal(suite, "list")
    assert f"{feed}: enrollment, 1 event types, last number 0, none waits" in listed.stdout
    send(suite)
    kept = portal(suite, "remove", feed)
    assert (kept.returncode, kept.stderr) == (
        2,
        f"{feed} has 1 events that were not taken yet. Wait until they are, or give --discard.\n",
    )
    assert portal(suite, "remove", feed, "--discard").stdout == f"{feed}: removed.\n"
    gone = portal(suite, "remove", feed)
    assert (gone.returncode, gone.stderr) == (2, f"There is no feed {feed}. `portal feed list` shows all.\n")


def test_the_subscriber_of_the_how_to_hears_what_comes_into_its_feed(
    suite: LocalSuite, feed: str, tmp_path: Path
) -> None:
    said = tmp_path / "said"
    with said.open("w") as out:
        subscriber = subprocess.Popen(
            [sys.executable, ROOT / "docs/how-to/hear_submissions.py"],
            env={**os.environ, "AMQP_URL": suite.broker.url, "PYTHONUNBUFFERED": "1"},
            stdout=out,
            stderr=out,
        )
    try:
        send(suite)
        until(lambda: "A-0638 in IL from 2027-01-01: Sample HMO, $886.79" in said.read_text(), 60)
    finally:
        subscriber.terminate()
        subscriber.wait(30)
