"""Agencies: a producer who stands above others sees their records, and does there what the agency allows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from chassis.db import Database
from chassis.identity import Caller
from chassis.kernel import NotFound
from gateway.identity.agencies import Agency, AgencyMember, BadHierarchy, load_agencies
from gateway.identity.sessions import SESSION_CACHE_TTL
from gateway.store.tables import agencies, agency_members, users, writing_numbers
from gateway.user import DelegatedAction
from tests.integration.gateway import page_answers
from tests.integration.gateway.harness import GatewayHarness
from tests.integration.gateway.test_hierarchy import QUOTING, STARTING, caller_of
from tests.integration.gateway.test_pages import page, sign_in

TOP, BELOW, LOWEST = "producer@example.com", "other.producer@example.com", "lowest@example.com"
OWN, OTHERS, LOWESTS = "220002580", "660003012", "660003020"
LOOKING = ("GET", "/applications?status=completed", "ListApplications")


@pytest.fixture
def database(gateway_url: str) -> Iterator[Database]:
    """With a third producer, who is in no agency yet."""
    found = Database(gateway_url)
    with found.engine.begin() as connection:
        like = connection.execute(users.select().where(users.c.email == BELOW)).mappings().one()
        connection.execute(users.insert().values({**like, "user_id": "lowest", "email": LOWEST, "name": "Lou Lowest"}))
        number = connection.execute(writing_numbers.select().where(writing_numbers.c.number == OTHERS)).mappings().one()
        connection.execute(writing_numbers.insert().values({**number, "number": LOWESTS, "user_id": "lowest"}))
    yield found
    with found.engine.begin() as connection:
        connection.execute(agency_members.delete())
        connection.execute(agencies.delete())
        connection.execute(writing_numbers.delete().where(writing_numbers.c.number == LOWESTS))
        connection.execute(users.delete().where(users.c.user_id == "lowest"))
    found.close()


@pytest.fixture
def portal(gateway_portal: GatewayHarness) -> GatewayHarness:
    page_answers.tell(gateway_portal.fake_services)
    return gateway_portal


def put_in_agency(database: Database, *actions: DelegatedAction, name: str = "Lakeside Benefits") -> None:
    """Top above Below above Lowest."""
    members = (
        AgencyMember(email=TOP),
        AgencyMember(email=BELOW, upline=TOP),
        AgencyMember(email=LOWEST, upline=BELOW),
    )
    load_agencies(database, [Agency(name=name, upline_actions=actions, members=members)])


def heard(portal: GatewayHarness, email: str, verb: str, path: str, rpc: str) -> Caller:
    """Whom the service hears when that person asks."""
    portal.clock.advance(SESSION_CACHE_TTL * 2)
    headers = {**portal.sign_in(email), "Idempotency-Key": "12345678", "If-Match": '"1"'}
    body = {"writing_number": OWN} if verb == "POST" else None
    portal.client.request(verb, f"/api/v1{path}", headers=headers, json=body)
    return caller_of(portal, rpc)


def test_who_stands_above_sees_everything_below_and_nobody_else(portal: GatewayHarness, database: Database) -> None:
    assert OTHERS not in heard(portal, TOP, *LOOKING).numbers
    put_in_agency(database)
    assert {OTHERS, LOWESTS, OWN} <= set(heard(portal, TOP, *LOOKING).numbers)
    assert set(heard(portal, BELOW, *LOOKING).numbers) == {OTHERS, LOWESTS}
    assert set(heard(portal, LOWEST, *LOOKING).numbers) == {LOWESTS}
    assert not {OTHERS, LOWESTS} & set(heard(portal, "delegate@example.com", *LOOKING).numbers)


def test_looking_is_not_acting_unless_the_agency_says_so(portal: GatewayHarness, database: Database) -> None:
    put_in_agency(database)
    assert not {OTHERS, LOWESTS} & set(heard(portal, TOP, *QUOTING).numbers)
    put_in_agency(database, DelegatedAction.QUOTE)
    assert {OTHERS, LOWESTS, OWN} <= set(heard(portal, TOP, *QUOTING).numbers)
    acting = heard(portal, TOP, *STARTING)
    assert not {OTHERS, LOWESTS} & set(acting.numbers) and OWN in acting.numbers


def test_who_leaves_the_agency_is_seen_no_more(portal: GatewayHarness, database: Database) -> None:
    put_in_agency(database)
    load_agencies(database, [Agency(name="Lakeside Benefits", members=(AgencyMember(email=TOP),))])
    assert not {OTHERS, LOWESTS} & set(heard(portal, TOP, *LOOKING).numbers)


def test_a_refusal_for_a_sub_producer_is_one_for_what_there_is_not(portal: GatewayHarness, database: Database) -> None:
    put_in_agency(database)
    portal.clock.advance(SESSION_CACHE_TTL * 2)
    portal.fake_services.answers["StartApplication"] = NotFound("You cannot act for this writing number.")
    headers, answers = portal.sign_in(TOP), set()
    for number, key in ((OTHERS, "12345678"), ("999999999", "123456789")):
        body, sent = {"writing_number": number}, {**headers, "Idempotency-Key": key}
        answer = portal.client.post("/api/v1/applications", headers=sent, json=body)
        answers.add((answer.status_code, answer.json()["detail"]))
    assert answers == {(403, "Your agency does not let you do this for a sub-producer. Ask the sub-producer to do it.")}


def test_nobody_delegates_a_number_of_a_sub_producer(portal: GatewayHarness, database: Database) -> None:
    put_in_agency(database, *DelegatedAction)
    headers = portal.sign_in(TOP)
    body = {"email": "delegate@example.com", "writing_numbers": [OTHERS]}
    refused = portal.client.put("/api/v1/delegations", json=body, headers=headers)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "writing_numbers")
    gone = portal.client.delete(f"/api/v1/delegations/x/{OTHERS}", headers=headers)
    assert gone.status_code == 404


def test_the_page_shows_who_stands_above_and_who_below(portal: GatewayHarness, database: Database) -> None:
    put_in_agency(database, DelegatedAction.QUOTE)
    portal.clock.advance(SESSION_CACHE_TTL * 2)
    sign_in(portal, TOP)
    shown = page(portal, "/my-hierarchy")
    assert "Lakeside Benefits" in shown and "Nobody stands above you there." in shown
    assert OTHERS in shown and LOWESTS in shown and "Make and share quotes" in shown
    assert f'value="{OTHERS}"' not in page(portal, "/my-hierarchy/access")
    portal.client.cookies.clear()
    sign_in(portal, LOWEST)
    assert "Olga Other, Calvin Fritz see your quotes and applications." in page(portal, "/my-hierarchy")


def test_all_agencies_of_a_file_are_taken_or_none(database: Database) -> None:
    put_in_agency(database)
    stranger = Agency(name="Hillside", members=(AgencyMember(email="delegate@example.com"),))
    with pytest.raises(BadHierarchy, match="No producer signs in as delegate"):
        load_agencies(database, [Agency(name="Lakeside Benefits"), stranger])
    with pytest.raises(BadHierarchy, match="is in an agency that it does not name"):
        load_agencies(database, [Agency(name="Hillside", members=(AgencyMember(email=TOP),))])
    with database.engine.connect() as connection:
        assert len(connection.execute(agency_members.select()).all()) == 3
        assert len(connection.execute(agencies.select()).all()) == 1
