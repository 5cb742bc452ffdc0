"""Whose account a person of the organization gets, and with which role."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import func, select

from gateway.store.tables import second_factors, users, writing_numbers
from tests.integration.gateway.harness import ORIGIN, GatewayHarness, RealClock, harness
from tests.integration.gateway.organization_sign_in.openid_stand_in import (
    OrganizationProvider,
)
from tests.integration.gateway.organization_sign_in.walk import (
    ANNA,
    COOKIE,
    OrganizationPeople,
    begin,
    refusal,
    settings,
    sign_in,
    who_is_in,
)

# ---- whose account it is


def test_account_goes_with_the_subject_and_no_longer_with_the_address(
    portal: GatewayHarness, provider: OrganizationProvider
) -> None:
    assert sign_in(portal, provider) == "/account"
    moved = ANNA | {"email": "anna.new@prairie.example", "email_verified": False}
    provider.know({"anna-1": moved, "anna-2": ANNA})
    portal.client.cookies.clear()
    assert sign_in(portal, provider) == "/account"
    assert who_is_in(portal) == "anna@prairie.example"
    portal.client.cookies.clear()
    assert refusal(portal, sign_in(portal, provider, "anna-2")) == "unknown"


@pytest.mark.parametrize(
    "changed",
    [
        {"email_verified": False},
        {"email_verified": None},
        {"email_verified": "false"},
        {"email_verified": 1},
        {"email": "somebody@prairie.example"},
        {"email": "paul@prairie.example"},  # has an account, and signs in with a password
        {"email": "producer@example.com"},
        {"email": None},
        {"email": "anna@prairie.example\x00"},
        {"email": ["anna@prairie.example"]},
        {"email": "\ud800@prairie.example"},
    ],
)
def test_nobody_gets_an_account_by_an_address_that_is_not_verified_or_not_given_to_the_organization(
    portal: GatewayHarness, provider: OrganizationProvider, people: OrganizationPeople, changed: dict[str, object]
) -> None:
    provider.know({"anna-1": ANNA | changed})
    assert refusal(portal, sign_in(portal, provider)) == "unknown"
    assert set(people.subjects().values()) == {None}


def test_address_counts_however_it_is_written(
    portal: GatewayHarness, provider: OrganizationProvider, people: OrganizationPeople
) -> None:
    provider.know({"anna-1": ANNA | {"email": "Anna@Prairie.Example", "email_verified": "true"}})
    assert sign_in(portal, provider) == "/account"


def test_same_subject_of_another_issuer_is_somebody_else(
    portal: GatewayHarness, provider: OrganizationProvider, people: OrganizationPeople
) -> None:
    people.administer(lambda users: users.use_organization("anna@prairie.example", "https://other.example", "anna-1"))
    assert refusal(portal, sign_in(portal, provider)) == "unknown"


def test_subject_that_the_operator_gave_needs_no_verified_address(
    portal: GatewayHarness, provider: OrganizationProvider, people: OrganizationPeople
) -> None:
    people.administer(lambda users: users.use_organization("anna@prairie.example", provider.issuer, "anna-7"))
    provider.know({"anna-7": {"roles": "producer"}})
    assert sign_in(portal, provider, "anna-7") == "/account"


def test_account_that_is_handed_over_has_no_second_factor_any_more(people: OrganizationPeople) -> None:
    paul = select(users.c.user_id).where(users.c.email == "paul@prairie.example").scalar_subquery()
    row = {"user_id": paul, "sealed": b"sealed", "last_step": 1, "turned_on_at": func.now()}
    people.rows(second_factors.insert().values(row))
    people.administer(lambda users: users.use_organization("paul@prairie.example"))
    assert people.rows(select(second_factors)) == []


def test_disabled_user_stays_out_and_is_back_when_enabled(
    portal: GatewayHarness, provider: OrganizationProvider, people: OrganizationPeople
) -> None:
    for email, subject in (("anna@prairie.example", "anna-1"), ("dan@prairie.example", "dan-1")):
        portal.client.cookies.clear()
        if subject == "anna-1":
            assert sign_in(portal, provider, subject) == "/account"  # the other one was never there
        people.administer(lambda users, email=email: users.disable(email))  # type: ignore[misc]  # bound for this round
        portal.client.cookies.clear()
        assert refusal(portal, sign_in(portal, provider, subject)) == "unknown"
        people.administer(lambda users, email=email: users.enable(email))  # type: ignore[misc]  # bound for this round
        assert sign_in(portal, provider, subject) == "/account"


def test_first_sign_ins_at_the_same_time_make_one_account(
    portal: GatewayHarness, provider: OrganizationProvider, people: OrganizationPeople
) -> None:
    browsers = []
    for _ in range(2):
        portal.client.cookies.clear()
        address = provider.sign_in(begin(portal), "anna-1")
        browsers.append((address.removeprefix(ORIGIN), portal.client.cookies[COOKIE]))
    portal.client.cookies.clear()
    led_to: list[str] = []

    def arrive(address: str, secret: str) -> None:
        answer = portal.client.get(address, headers={"Cookie": f"{COOKIE}={secret}"})
        led_to.append(answer.headers["location"])

    arriving = [threading.Thread(target=arrive, args=one) for one in browsers]
    for one in arriving:
        one.start()
    for one in arriving:
        one.join()
    assert led_to == ["/account", "/account"]
    assert people.subjects()["anna@prairie.example"] == "anna-1"


# ---- roles


@pytest.mark.parametrize(
    "roles", [None, [], "", "staff", ["staff"], ["producer", "delegate"], {"producer": True}, 7, [7]]
)
def test_claim_without_one_known_role_is_refused(
    portal: GatewayHarness, provider: OrganizationProvider, people: OrganizationPeople, roles: object
) -> None:
    provider.know({"anna-1": ANNA | {"roles": roles}})
    assert refusal(portal, sign_in(portal, provider)) == "no_role"
    assert set(people.subjects().values()) == {None}


def test_operator_says_which_claim_and_which_of_its_values_give_a_role(
    provider: OrganizationProvider, people: OrganizationPeople, gateway_url: str
) -> None:
    given = settings(provider, oidc_roles_claim="realm_access.roles", oidc_roles={"agents": "producer"})
    provider.change_token(lambda claims: claims.update(realm_access={"roles": ["agents"]}))
    with harness(gateway_url, RealClock(), **given) as portal:
        assert sign_in(portal, provider) == "/account"
        provider.change_token(lambda claims: claims.update(realm_access={"roles": ["producer"]}))
        portal.client.cookies.clear()
        assert refusal(portal, sign_in(portal, provider)) == "no_role"


def test_role_that_changed_counts_from_the_next_sign_in_on(
    portal: GatewayHarness, provider: OrganizationProvider, people: OrganizationPeople
) -> None:
    assert sign_in(portal, provider) == "/account"
    provider.know({"anna-1": ANNA | {"roles": ["delegate"]}})
    assert "<dd>Producer</dd>" in portal.client.get("/account").text
    assert sign_in(portal, provider) == "/account"
    assert "<dd>Delegate</dd>" in portal.client.get("/account").text
    assert people.role("anna@prairie.example") == "delegate"


def test_role_does_not_change_while_the_account_has_what_belongs_to_the_old_one(
    portal: GatewayHarness, provider: OrganizationProvider, people: OrganizationPeople
) -> None:
    assert sign_in(portal, provider) == "/account"
    [row] = people.rows(select(users.c.user_id).where(users.c.email == "anna@prairie.example"))
    facts = {"number": "770001235", "state": "IL", "producer_name": "AGENT, ANNA", "company_name": "AGENT, ANNA"}
    people.rows(writing_numbers.insert().values(user_id=row.user_id, **facts))
    provider.know({"anna-1": ANNA | {"roles": ["delegate"]}})
    portal.client.cookies.clear()
    assert refusal(portal, sign_in(portal, provider)) == "changed_role"
    assert people.role("anna@prairie.example") == "producer"
    people.rows(writing_numbers.delete().where(writing_numbers.c.user_id == row.user_id))
    assert sign_in(portal, provider) == "/account"
