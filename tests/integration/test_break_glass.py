"""Emergency access to one record: to look, for a while, seen by the producer and recorded with each answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing

import pytest

from chassis.kernel import SystemClock, business_date
from deploy.local.demo.api import Api, Refused
from deploy.local.demo.journey import Journey
from deploy.local.suite import LocalSuite
from deploy.local.waiting import wait_until
from tests.integration.portal_commands import portal

# The first test to ask for the suite waits for its start.
pytestmark = pytest.mark.timeout(300)
TODAY = business_date(SystemClock().now(), "IL")
SUPPORT = "other.producer@example.com"
REASON = "Client calls, producer cannot be reached"


@pytest.fixture(scope="module")
def journey(suite: LocalSuite) -> Iterator[Journey]:
    with closing(Api(suite.ports.portal_url)) as api:
        done = Journey(api, TODAY)
        done.until_ready()
        yield done


@pytest.fixture
def support(suite: LocalSuite) -> Iterator[Api]:
    with closing(Api(suite.ports.portal_url)) as api:
        api.sign_in(SUPPORT, "demo")
        yield api


def status_of(api: Api, path: str) -> int:
    try:
        api.get(path)
    except Refused as refused:
        return refused.status
    return 200


def open_access(suite: LocalSuite, record: str) -> str:
    done = portal(suite, "break-glass", "open", "--user", SUPPORT, "--record", record, "--reason", REASON)
    assert done.returncode == 0, done.stderr
    return done.stdout.split(":")[0]


def test_one_record_can_be_looked_at_until_the_access_is_ended(
    suite: LocalSuite, journey: Journey, support: Api
) -> None:
    mine = f"/applications/{journey.record_number}"
    assert status_of(support, mine) == 404
    grant_id = open_access(suite, journey.record_number)
    assert wait_until(lambda: status_of(support, mine) == 200, within=20)
    assert status_of(support, f"{mine}/timeline") == 200

    with pytest.raises(Refused) as refused:  # it is to look at
        support.put(f"{mine}/steps/general", {"special_enrollment": False}, journey.application["version"])
    assert refused.value.status in (403, 404)
    other = journey.api.post("/applications", {"writing_number": journey.writing_number})
    assert status_of(support, f"/applications/{other['record_number']}") == 404  # and at nothing else
    listed = support.get("/applications", status="incomplete")["applications"]
    assert journey.record_number not in {one["record_number"] for one in listed}

    told = journey.api.get(f"{mine}/timeline")["entries"]
    assert any(REASON in entry["summary"] for entry in told)  # the producer sees it
    exported = portal(suite, "audit", "export", "--record", journey.record_number).stdout
    lines = [json.loads(line) for line in exported.splitlines()]
    looked = [line for line in lines if line["actor"] == SUPPORT and line["outcome"] == "answered"]
    assert {line["grant_id"] for line in looked} == {grant_id}
    assert {line["operation"].rpartition(".")[2] for line in looked} >= {"GetApplication", "GetTimeline"}
    assert any(line["actor"] == SUPPORT and line["outcome"] == "not_found" for line in lines)  # before it was opened

    assert portal(suite, "break-glass", "list").returncode == 1
    assert portal(suite, "break-glass", "end", grant_id).returncode == 0
    assert wait_until(lambda: status_of(support, mine) == 404, within=20)
    assert portal(suite, "break-glass", "end", grant_id).returncode == 1
    assert portal(suite, "break-glass", "list").returncode == 0


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [("--user", "nobody@example.com", "Nobody signs in"), ("--record", "A-999999", "no application")],
    ids=["user", "record"],
)
def test_what_is_not_there_is_not_opened(
    suite: LocalSuite, journey: Journey, option: str, value: str, said: str
) -> None:
    asked = {"--user": SUPPORT, "--record": journey.record_number, "--reason": REASON} | {option: value}
    done = portal(suite, "break-glass", "open", *(part for pair in asked.items() for part in pair))
    assert done.returncode == 2
    assert said in done.stderr
    assert portal(suite, "break-glass", "list").returncode == 0
