"""An answer counts once, for a while, where it was asked for; a provider that declines or is away is told in words."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select

from gateway.identity import openid_provider
from gateway.identity.openid_provider import LARGEST_ANSWER
from gateway.identity.organization_sign_in import ANSWER_PATH, SIGN_IN_LIFETIME
from gateway.store.tables import organization_sign_ins
from tests.integration.gateway.harness import ORIGIN, GatewayHarness, RealClock, harness
from tests.integration.gateway.organization_sign_in.openid_stand_in import (
    CONFIGURATION,
    KEYS,
    TOKEN,
    Answer,
    OrganizationProvider,
    run_provider,
)
from tests.integration.gateway.organization_sign_in.walk import (
    COOKIE,
    PATH,
    TOLD,
    OrganizationPeople,
    begin,
    come_back,
    query_of,
    refusal,
    settings,
    sign_in,
    with_query,
)
from tests.integration.gateway.test_pages import SAME_ORIGIN

# ---- a code and a state count once, where they were asked for, and for a while


def test_answer_counts_once(portal: GatewayHarness, provider: OrganizationProvider) -> None:
    asked = begin(portal)
    secret = portal.client.cookies[COOKIE]
    address = provider.sign_in(asked, "anna-1")
    assert come_back(portal, address) == "/account"
    portal.client.cookies.clear()
    portal.client.cookies.set(COOKIE, secret)
    assert refusal(portal, come_back(portal, address)) == "late"
    assert provider.asked.count(TOKEN) == 1


def test_code_of_another_sign_in_is_refused(portal: GatewayHarness, provider: OrganizationProvider) -> None:
    """Used already or not: it goes with another code verifier, which the provider asks for."""
    unused = query_of(provider.sign_in(begin(portal), "anna-1"))["code"]
    portal.client.cookies.clear()
    used = query_of(address := provider.sign_in(begin(portal), "dan-1"))["code"]
    assert come_back(portal, address) == "/account"
    for code in (used, unused):
        portal.client.cookies.clear()
        address = provider.sign_in(begin(portal), "dan-1")
        assert refusal(portal, come_back(portal, with_query(address, code=code))) == "untrusted"


@pytest.mark.parametrize("change", [r"&?code_verifier=[^&]+", r"(?<=code_verifier=)[^&]{10}"])
def test_code_without_its_verifier_is_refused(
    portal: GatewayHarness, provider: OrganizationProvider, change: str
) -> None:
    def without(body: str) -> str:
        changed = re.sub(change, lambda found: "" if "code_verifier" in found[0] else "A" * 10, body)
        assert changed != body
        return changed

    provider.change_body[TOKEN] = without
    assert refusal(portal, sign_in(portal, provider)) == "untrusted"


def test_answer_in_another_browser_is_refused_and_still_counts_in_its_own(
    portal: GatewayHarness, provider: OrganizationProvider
) -> None:
    """Else somebody could have another person's browser signed in as himself."""
    address = provider.sign_in(begin(portal), "anna-1")
    secret = portal.client.cookies[COOKIE]
    portal.client.cookies.clear()
    assert refusal(portal, come_back(portal, address)) == "late"
    begin(portal)
    assert refusal(portal, come_back(portal, address)) == "late"
    portal.client.cookies.clear()
    portal.client.cookies.set(COOKIE, secret)
    assert refusal(portal, come_back(portal, with_query(address, state="another"))) == "late"
    assert come_back(portal, address) == "/account"


def test_answer_comes_in_time_or_not_at_all(
    portal: GatewayHarness, provider: OrganizationProvider, people: OrganizationPeople
) -> None:
    address = provider.sign_in(begin(portal), "anna-1")
    portal.clock.advance(SIGN_IN_LIFETIME)
    assert refusal(portal, come_back(portal, address)) == "late"
    begin(portal)
    portal.clock.advance(SIGN_IN_LIFETIME)
    begin(portal)
    assert len(people.rows(select(organization_sign_ins))) == 1


def test_another_site_cannot_begin_a_sign_in(portal: GatewayHarness, provider: OrganizationProvider) -> None:
    for site in ("cross-site", "same-site"):
        answer = portal.client.get(f"{PATH}?next=/quotes", headers={"Sec-Fetch-Site": site})
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/quotes")
    assert (COOKIE in portal.client.cookies, provider.asked) == (False, [])


@pytest.mark.parametrize("wanted", ["https://evil.example", "//evil.example", "/\\evil.example", "x" * 9000])
def test_sign_in_leads_to_pages_of_the_portal_alone(
    portal: GatewayHarness, provider: OrganizationProvider, wanted: str
) -> None:
    assert come_back(portal, provider.sign_in(begin(portal, wanted), "anna-1")) == "/"


def test_longest_address_of_a_page_is_kept_and_a_longer_one_is_home(
    portal: GatewayHarness, provider: OrganizationProvider
) -> None:
    for length, led_to in ((500, "/" + "a" * 499), (501, "/")):
        assert come_back(portal, provider.sign_in(begin(portal, "/" + "a" * (length - 1)), "anna-1")) == led_to


BAD_ANSWERS = (
    "",
    "state=",
    "code=a",
    "code=a&state=b",
    "code=%00&state={state}&iss={iss}",
    "code=&state={state}&iss={iss}",
    "code=a&code=b&state={state}&iss={iss}",
    "code=a&state={state}&iss={iss}&iss={iss}",
    "code=a&state={state}&state={state}&iss={iss}",
    "code=%F0%9F%98%80&state={state}&iss={iss}",
    "code=%ff%fe&state={state}&iss=%ff",
    "state=%ff%00%F0%9F%98%80&code=a",
    "code=" + "a" * 5000 + "&state={state}&iss={iss}",
    "error=&state={state}&iss={iss}",
    "error=%3Cscript%3E&error_description=%00&state={state}&iss={iss}",
    "error=server_error&state={state}&iss={iss}",
    "error=access_denied&state={state}",
    "code[]=a&state={state}&iss={iss}",
    "%00=%00&&&===",
)


@pytest.mark.parametrize("query", BAD_ANSWERS)
def test_answer_with_bad_parts_is_a_plain_refusal(
    portal: GatewayHarness, provider: OrganizationProvider, query: str
) -> None:
    state = parse_qs(urlsplit(begin(portal)).query)["state"][0]
    filled = query.replace("{state}", state).replace("{iss}", provider.issuer)
    assert refusal(portal, come_back(portal, f"{ORIGIN}{ANSWER_PATH}?{filled}")) in TOLD


@pytest.mark.parametrize("cookie", ["", "made-up", "A" * 4000, '"\\377"'])
def test_cookie_that_is_none_of_ours_is_a_plain_refusal(portal: GatewayHarness, cookie: str) -> None:
    headers = {"Cookie": f"{COOKIE}={cookie}"}
    answer = portal.client.get(f"{ANSWER_PATH}?code=a&state=b", headers=headers)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/&refused=late")


@pytest.mark.parametrize("refused", ["", "made-up", "%00", "late<script>"])
def test_page_says_nothing_that_its_address_makes_up(portal: GatewayHarness, refused: str) -> None:
    page = portal.client.get(f"/sign-in?refused={refused}")
    assert (page.status_code, "We could not sign you in" in page.text) == (200, False)


# ---- the provider says no, or nothing


def test_person_who_declines_there_is_told_so(portal: GatewayHarness, provider: OrganizationProvider) -> None:
    assert refusal(portal, come_back(portal, provider.decline(begin(portal)))) == "declined"


def test_refusal_leads_on_to_what_was_asked_for_once_it_works(
    portal: GatewayHarness, provider: OrganizationProvider
) -> None:
    led_to = come_back(portal, provider.decline(begin(portal, "/quotes")))
    [link] = re.findall(r'href="([^"]+)">Sign in with', portal.client.get(led_to).text)
    assert unescape(link) == f"{PATH}?next=/quotes"


def endless(answer: Answer) -> Answer:
    return replace(answer, body=b" " * LARGEST_ANSWER + answer.body)


def largest(answer: Answer) -> Answer:
    return replace(answer, body=b" " * (LARGEST_ANSWER - len(answer.body)) + answer.body)


def as_text(text: bytes) -> Callable[[Answer], Answer]:
    return lambda answer: replace(answer, body=text)


BROKEN: Mapping[str, Callable[[Answer], Answer]] = {
    "too large": endless,
    "no JSON": as_text(b"<html>"),
    "no object": as_text(b"[]"),
    "deep": as_text(b"[" * 200_000),
    "no text": as_text(b"\xff\xfe\x00"),
    "a fault": lambda answer: replace(answer, status=503),
    "elsewhere": lambda answer: replace(answer, status=302, headers={"Location": "http://127.0.0.1:1/"}),
}


@pytest.mark.parametrize("what", BROKEN)
@pytest.mark.parametrize("path", [CONFIGURATION, KEYS])
def test_answer_that_is_none_is_told_as_a_provider_that_is_away(
    portal: GatewayHarness, provider: OrganizationProvider, path: str, what: str
) -> None:
    provider.change_answer[path] = BROKEN[what]
    assert refusal(portal, portal.client.get(PATH, headers=SAME_ORIGIN).headers["location"]) == "away"
    provider.pass_everything_on()
    assert sign_in(portal, provider) == "/account"


@pytest.mark.parametrize("what", BROKEN)
def test_token_answer_that_is_none_signs_nobody_in(
    portal: GatewayHarness, provider: OrganizationProvider, what: str
) -> None:
    provider.change_answer[TOKEN] = BROKEN[what]
    assert refusal(portal, sign_in(portal, provider)) in ("away", "untrusted")


def test_largest_answer_is_still_read(portal: GatewayHarness, provider: OrganizationProvider) -> None:
    """The control of an answer that is too large."""
    for path in (CONFIGURATION, KEYS, TOKEN):
        provider.change_answer[path] = largest
    assert sign_in(portal, provider) == "/account"


def test_provider_that_is_gone_is_told(people: OrganizationPeople, gateway_url: str) -> None:
    with run_provider(f"{ORIGIN}{ANSWER_PATH}") as provider:
        given = settings(provider)
    with harness(gateway_url, RealClock(), **given) as portal:
        assert refusal(portal, portal.client.get(PATH, headers=SAME_ORIGIN).headers["location"]) == "away"


def test_portal_goes_on_while_the_provider_is_silent_and_asks_it_once_for_all(
    portal: GatewayHarness, provider: OrganizationProvider
) -> None:
    asked, let_go = threading.Event(), threading.Event()

    def hold(answer: Answer) -> Answer:
        asked.set()
        assert let_go.wait(60)
        return answer

    provider.change_answer[KEYS] = hold
    led_to: list[str] = []

    def press() -> None:
        led_to.append(portal.client.get(PATH, headers=SAME_ORIGIN).headers["location"])

    waiting = [threading.Thread(target=press) for _ in range(3)]
    for one in waiting:
        one.start()
    try:
        assert asked.wait(60)
        assert portal.client.get("/sign-in").status_code == 200
    finally:
        let_go.set()
    for one in waiting:
        one.join()
    assert provider.asked.count(KEYS) == 1
    assert [one.startswith(f"{provider.issuer}/auth?") for one in led_to] == [True] * 3


def test_silent_provider_is_given_up(
    provider: OrganizationProvider, people: OrganizationPeople, gateway_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openid_provider, "SECONDS_FOR_AN_ANSWER", 0.1)
    let_go = threading.Event()

    def hold(answer: Answer) -> Answer:
        let_go.wait(60)
        return answer

    provider.change_answer[CONFIGURATION] = hold
    try:
        with harness(gateway_url, RealClock(), **settings(provider)) as portal:
            led_to = portal.client.get(PATH, headers=SAME_ORIGIN).headers["location"]
            assert refusal(portal, led_to) == "away"
    finally:
        let_go.set()
