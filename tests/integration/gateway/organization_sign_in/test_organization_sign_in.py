"""Signing in with the organization's accounts at a real OpenID provider, oidc-provider as a process; the session.

Between it and the portal stands a stand-in that passes everything on. The tests beside this one have it change one
thing; the walk with nothing changed is the control of all of them.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select

from gateway.identity.organization_sign_in import ANSWER_PATH
from gateway.store.tables import organization_accounts, organization_sign_ins, sessions, users
from tests.integration.gateway.harness import ORIGIN, GatewayHarness, RealClock, harness
from tests.integration.gateway.organization_sign_in.openid_stand_in import (
    CLIENT_BY_FORM,
    CLIENT_ID,
    CLIENT_SECRET,
    CONFIGURATION,
    TOKEN,
    USERINFO,
    Answer,
    OrganizationProvider,
    run_provider,
)
from tests.integration.gateway.organization_sign_in.walk import (
    ANNA,
    COOKIE,
    PATH,
    PEOPLE,
    OrganizationPeople,
    begin,
    come_back,
    query_of,
    refusal,
    settings,
    sign_in,
    who_is_in,
)
from tests.integration.gateway.test_pages import SAME_ORIGIN
from tests.log_lines import written_lines

# ---- the walk as it should be


def test_nothing_changed_signs_in(
    portal: GatewayHarness, provider: OrganizationProvider, people: OrganizationPeople
) -> None:
    """The control of every refusal below: the same walk."""
    assert sign_in(portal, provider) == "/account"
    assert who_is_in(portal) == "anna@prairie.example"
    assert people.subjects() == {"anna@prairie.example": "anna-1", "dan@prairie.example": None}
    assert people.rows(select(organization_sign_ins)) == []


def test_page_offers_the_organization_and_leads_on_to_what_was_asked_for(
    portal: GatewayHarness, provider: OrganizationProvider
) -> None:
    page = portal.client.get("/sign-in?next=/quotes").text
    [link] = re.findall(r'href="([^"]+)">Sign in with Prairie Agency<', page)
    asked = portal.client.get(unescape(link), headers=SAME_ORIGIN).headers["location"]
    assert come_back(portal, provider.sign_in(asked, "anna-1")) == "/quotes"


def test_without_a_provider_there_is_no_button_and_no_address(gateway_portal: GatewayHarness) -> None:
    assert "Sign in with" not in gateway_portal.client.get("/sign-in?refused=late").text
    assert [gateway_portal.client.get(one).status_code for one in (PATH, ANSWER_PATH)] == [404, 404]


def test_provider_is_asked_for_a_code_by_pkce_with_state_and_nonce_and_the_address_of_the_settings(
    portal: GatewayHarness, provider: OrganizationProvider
) -> None:
    headers = SAME_ORIGIN | {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    asked = [portal.client.get(PATH, headers=headers).headers["location"] for _ in range(2)]
    first, second = ({name: values[0] for name, values in parse_qs(urlsplit(one).query).items()} for one in asked)
    fixed = {
        "response_type": "code",
        "client_id": CLIENT_ID,
        "redirect_uri": f"{ORIGIN}{ANSWER_PATH}",
        "scope": "openid email roles",
        "code_challenge_method": "S256",
    }
    assert {name: first[name] for name in fixed} == fixed
    fresh = ("state", "nonce", "code_challenge")
    assert first.keys() == {*fixed, *fresh}
    assert all(len(first[name]) == 43 and first[name] != second[name] for name in fresh)


def test_cookie_of_a_sign_in_is_out_of_reach_of_scripts_and_short_lived(portal: GatewayHarness) -> None:
    cookie = portal.client.get(PATH, headers=SAME_ORIGIN).headers["set-cookie"]
    assert {"HttpOnly", "Path=/", "SameSite=lax", "Max-Age=600"} <= set(cookie.split("; "))


def test_claims_may_stand_in_the_userinfo_alone(people: OrganizationPeople, gateway_url: str) -> None:
    with run_provider(f"{ORIGIN}{ANSWER_PATH}", in_id_token=False) as provider:
        provider.know(PEOPLE)
        with harness(gateway_url, RealClock(), **settings(provider)) as portal:
            assert sign_in(portal, provider) == "/account"
            provider.change_answer[USERINFO] = lambda answer: answer.telling(answer.told | {"sub": "dan-1"})
            portal.client.cookies.clear()
            assert refusal(portal, sign_in(portal, provider)) == "untrusted"


def test_secret_may_have_to_stand_in_the_form(
    provider: OrganizationProvider, people: OrganizationPeople, gateway_url: str
) -> None:
    def only_by_form(answer: Answer) -> Answer:
        return answer.telling(answer.told | {"token_endpoint_auth_methods_supported": ["client_secret_post"]})

    provider.change_answer[CONFIGURATION] = only_by_form
    with harness(gateway_url, RealClock(), **settings(provider, oidc_client_id=CLIENT_BY_FORM)) as portal:
        assert sign_in(portal, provider) == "/account"


# ---- the session, and what a person of the organization has of passwords


def test_sign_in_begins_a_new_session_and_ends_the_one_before(
    portal: GatewayHarness, provider: OrganizationProvider, people: OrganizationPeople
) -> None:
    portal.client.post("/sign-in", data={"email": "producer@example.com", "password": "demo"}, headers=SAME_ORIGIN)
    before = portal.client.cookies["sid"]
    assert sign_in(portal, provider) == "/account"
    assert portal.client.cookies["sid"] != before
    assert (len(people.rows(select(sessions))), who_is_in(portal)) == (1, "anna@prairie.example")
    portal.client.cookies.clear()
    portal.client.cookies.set("sid", before)
    assert who_is_in(portal) == ""


@pytest.mark.parametrize(("steps", "minutes"), [(1, 16), (48, 10)])
def test_session_ends_by_the_same_limits(
    portal: GatewayHarness, provider: OrganizationProvider, steps: int, minutes: int
) -> None:
    assert sign_in(portal, provider) == "/account"
    for step in range(steps):
        assert who_is_in(portal) == "anna@prairie.example", step
        portal.clock.advance(timedelta(minutes=minutes))
    assert who_is_in(portal) == ""


def test_password_signs_nobody_of_the_organization_in(
    portal: GatewayHarness, provider: OrganizationProvider, people: OrganizationPeople
) -> None:
    """Not even where a row has one, as after a change that was under way."""
    [demo] = people.rows(select(users.c.password_hash).where(users.c.email == "producer@example.com"))
    anna = users.c.email == "anna@prairie.example"
    people.rows(users.update().where(anna).values(password_hash=demo.password_hash))
    fields = {"email": "anna@prairie.example", "password": "demo"}
    statuses = [portal.client.post("/api/v1/sessions", json=fields).status_code]
    people.rows(organization_accounts.delete())
    statuses.append(portal.client.post("/api/v1/sessions", json=fields).status_code)
    assert statuses == [401, 201]


def test_account_page_names_the_organization_and_offers_no_password(
    portal: GatewayHarness, provider: OrganizationProvider
) -> None:
    assert sign_in(portal, provider) == "/account"
    page = portal.client.get("/account").text
    assert "With Prairie Agency" in page and "/account/password" not in page and "/account/two-step" not in page
    assert 'href="/sign-in/organization" target="_blank"' in page  # over a page whose session ended
    for path in ("/account/password", "/account/two-step"):
        told = portal.client.get(path)
        assert (told.status_code, "You sign in with your organization." in told.text) == (403, True)


def test_second_factor_is_the_providers_even_where_everybody_needs_one(
    provider: OrganizationProvider, people: OrganizationPeople, gateway_url: str
) -> None:
    with harness(gateway_url, RealClock(), **settings(provider, two_step_sign_in="required")) as portal:
        assert sign_in(portal, provider) == "/account"


def test_database_holds_nothing_with_which_a_sign_in_could_be_finished(
    portal: GatewayHarness, provider: OrganizationProvider, people: OrganizationPeople
) -> None:
    asked = parse_qs(urlsplit(begin(portal)).query)
    rows = str(people.rows(select(organization_sign_ins)))
    known = (portal.client.cookies[COOKIE], asked["state"][0], asked["nonce"][0], asked["code_challenge"][0])
    assert not any(one in rows for one in known)


def test_log_says_what_came_of_it_and_neither_who_it_was_nor_what_the_provider_wrote(
    portal: GatewayHarness, provider: OrganizationProvider, people: OrganizationPeople
) -> None:
    with written_lines() as lines:
        sign_in(portal, provider)
        portal.client.cookies.clear()
        provider.know({"anna-2": ANNA})
        assert refusal(portal, sign_in(portal, provider, "anna-2")) == "unknown"
        provider.change_answer[TOKEN] = lambda answer: replace(answer, status=400).telling({"error": "anna is unknown"})
        address = provider.sign_in(begin(portal), "anna-2")
        secrets = ("anna", query_of(address)["code"], query_of(address)["state"], CLIENT_SECRET, provider.issuer)
        assert refusal(portal, come_back(portal, address)) == "untrusted"
    assert not any(one in lines.getvalue() for one in secrets)
    found = [json.loads(line) for line in lines.getvalue().splitlines()]
    [anna] = people.rows(select(users.c.user_id).where(users.c.email == ANNA["email"]))
    assert [
        (line["outcome"], line.get("user_id"), line.get("code"), line.get("reason"))
        for line in found
        if line.get("act") == "sign-in"
    ] == [
        ("done", anna.user_id, None, None),
        ("refused", None, "organization_unknown", None),
        ("refused", None, "organization_untrusted", "token: error"),
    ]
