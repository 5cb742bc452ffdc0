"""Calendar addresses: a secret that opens one person's deadlines, for the numbers of that moment, until revoked."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

import pytest
from icalendar import Calendar
from sqlalchemy import delete, insert, select
from suite.common.v1 import common_pb2 as common
from suite.enrollment.v1 import application_overview_pb2 as pb

from chassis.db import Database
from chassis.kernel import Caller
from gateway.notifications.deadline_feeds import MOST_FEEDS
from gateway.store.tables import deadline_feeds, delegations, users
from tests.integration.gateway.harness import GatewayHarness

FEEDS = "/api/v1/deadline-feeds"
# An address without a name, a calendar without one: what must never stand in it.
CANARY = "Canaria Secret"


def due(record_number: str, number: str, day: str = "2026-06-01") -> pb.Deadline:
    return pb.Deadline(
        record_number=record_number,
        kind=pb.DEADLINE_KIND_FIRST_PAYMENT_DUE,
        due_on=day,
        applicant_name=CANARY,
        producer=common.Producer(writing_number=number, name=CANARY),
    )


ALL = [due("A-0001", "220002580"), due("A-0002", "440001937"), due("A-0003", "330004116")]


def list_deadlines(request: Any, caller: Caller) -> pb.ListDeadlinesResponse:
    """What enrollment does: the caller's numbers alone, two to a page."""
    own = [one for one in ALL if caller.may_see(one.producer.writing_number)]
    first = int(request.page.token or 0)
    following = str(first + 2) if len(own) > first + 2 else ""
    return pb.ListDeadlinesResponse(deadlines=own[first : first + 2], next_page_token=following)


@pytest.fixture
def harness(gateway_portal: GatewayHarness, gateway_url: str) -> Iterator[GatewayHarness]:
    gateway_portal.fake_services.answers["ListDeadlines"] = list_deadlines
    yield gateway_portal
    with Database(gateway_url).engine.begin() as connection:
        connection.execute(deadline_feeds.delete())


def path_of(answer: Any) -> str:
    assert answer.status_code == 201, answer.text
    return str(answer.json()["url"]).removeprefix("http://testserver").removeprefix("http://127.0.0.1:8080")


def entries(content: bytes) -> dict[str, Any]:
    return {str(event["uid"]): event for event in Calendar.from_ical(content).walk("VEVENT")}


def test_a_calendar_shows_every_page_of_the_owners_deadlines_without_a_name(harness: GatewayHarness) -> None:
    path = path_of(harness.client.post(FEEDS, headers=harness.sign_in()))
    answer = harness.client.get(path)
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert (answer.headers["x-robots-tag"], answer.headers["cache-control"]) == ("noindex, nofollow", "no-store")
    found = entries(answer.content)
    assert len(found) == 3
    event = next(one for uid, one in found.items() if "A-0001" in uid)
    assert str(event["summary"]) == "First payment due: A-0001"
    assert str(event["url"]).endswith("/applications/A-0001")
    assert event.decoded("dtstart").isoformat() == "2026-06-01"
    assert CANARY.encode() not in answer.content
    assert b"220002580" not in answer.content


def test_an_entry_keeps_its_id_when_its_day_moves(harness: GatewayHarness) -> None:
    path = path_of(harness.client.post(FEEDS, headers=harness.sign_in()))
    before = entries(harness.client.get(path).content)
    harness.fake_services.answers["ListDeadlines"] = pb.ListDeadlinesResponse(
        deadlines=[due("A-0001", "220002580", "2026-06-09")]
    )
    [uid] = entries(harness.client.get(path).content)
    assert uid in before


def test_revoked_deadline_feed_gets_the_same_404_as_an_unknown_one(harness: GatewayHarness) -> None:
    headers = harness.sign_in()
    made = harness.client.post(FEEDS, headers=headers)
    path, feed_id = path_of(made), made.json()["feed_id"]
    assert harness.client.delete(f"{FEEDS}/{feed_id}", headers=headers).status_code == 204
    revoked, unknown = harness.client.get(path), harness.client.get(f"{FEEDS}/{'x' * 43}.ics")
    assert revoked.status_code == unknown.status_code == 404
    assert revoked.json()["detail"] == unknown.json()["detail"]
    assert harness.client.delete(f"{FEEDS}/{feed_id}", headers=headers).status_code == 404


@pytest.mark.parametrize("feed_id", ["x", "%00", "x" * 300, "%F0%9F%92%A9", "%FF"])
def test_revoking_an_unknown_deadline_feed_is_404_whatever_its_id(harness: GatewayHarness, feed_id: str) -> None:
    assert harness.client.delete(f"{FEEDS}/{feed_id}", headers=harness.sign_in()).status_code == 404


def test_a_user_neither_sees_nor_revokes_another_users_deadline_feed(harness: GatewayHarness) -> None:
    made = harness.client.post(FEEDS, headers=harness.sign_in())
    other = harness.sign_in("other.producer@example.com")
    assert harness.client.get(FEEDS, headers=other).json() == {"deadline_feeds": []}
    assert harness.client.delete(f"{FEEDS}/{made.json()['feed_id']}", headers=other).status_code == 404
    assert harness.client.get(path_of(made)).status_code == 200


def test_deadlines_of_a_number_that_was_taken_away_vanish(harness: GatewayHarness, gateway_url: str) -> None:
    path = path_of(harness.client.post(FEEDS, headers=harness.sign_in("delegate@example.com")))
    assert len(entries(harness.client.get(path).content)) == 2
    taken = {"delegate_id": "00000000-0000-4000-8000-000000000002", "number": "440001937"}
    engine = Database(gateway_url).engine
    with engine.begin() as connection:
        connection.execute(delete(delegations).where(delegations.c.number == taken["number"]))
    try:
        assert ["A-0001" in uid for uid in entries(harness.client.get(path).content)] == [True]
    finally:
        with engine.begin() as connection:
            connection.execute(insert(delegations).values(taken))


def test_a_deactivated_user_has_no_calendar_feed(harness: GatewayHarness, gateway_url: str) -> None:
    path = path_of(harness.client.post(FEEDS, headers=harness.sign_in("delegate@example.com")))
    engine = Database(gateway_url).engine
    with engine.begin() as connection:
        connection.execute(users.update().where(users.c.email == "delegate@example.com").values(active=False))
    try:
        assert harness.client.get(path).status_code == 404
    finally:
        with engine.begin() as connection:
            connection.execute(users.update().where(users.c.email == "delegate@example.com").values(active=True))


def test_the_secret_is_shown_once_and_kept_as_a_hash(harness: GatewayHarness, gateway_url: str) -> None:
    headers = harness.sign_in()
    path = path_of(harness.client.post(FEEDS, headers=headers))
    secret = path.removeprefix(f"{FEEDS}/").removesuffix(".ics")
    harness.client.get(path)
    listed = harness.client.get(FEEDS, headers=headers)
    assert secret not in listed.text
    assert listed.json()["deadline_feeds"][0]["last_read_at"]
    with Database(gateway_url).engine.connect() as connection:
        [kept] = connection.execute(select(deadline_feeds.c.secret_hash)).scalars()
    assert bytes(kept) == hashlib.sha256(secret.encode()).digest()


def test_one_deadline_feed_more_than_the_limit_is_409(harness: GatewayHarness) -> None:
    headers = harness.sign_in()
    statuses = [harness.client.post(FEEDS, headers=headers).status_code for _ in range(MOST_FEEDS + 1)]
    assert statuses == [201] * MOST_FEEDS + [409]


def test_a_calendar_address_needs_a_sign_in_to_be_made(harness: GatewayHarness) -> None:
    assert harness.client.post(FEEDS).status_code == 401
