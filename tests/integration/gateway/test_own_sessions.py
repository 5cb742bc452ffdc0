"""A person's own sessions: listed, ended one by one or all at once, for as long as the operator lets them last."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from gateway.identity.sessions import SESSION_CACHE_TTL
from tests.integration.gateway.harness import GatewayHarness, harness
from tests.integration.gateway.test_pages import SAME_ORIGIN, page, post, sign_in

ME, SESSIONS = "/api/v1/me", "/api/v1/sessions"
FIREFOX = {"User-Agent": "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"}


def is_signed_in(portal: GatewayHarness, headers: dict[str, str]) -> bool:
    status = portal.client.get(ME, headers=headers).status_code
    assert status in (200, 401)
    return status == 200


def open_sessions(portal: GatewayHarness, headers: dict[str, str]) -> list[dict[str, object]]:
    return list(portal.client.get(SESSIONS, headers=headers).json()["sessions"])


def test_person_sees_where_they_are_signed_in_and_which_one_this_is(gateway_portal: GatewayHarness) -> None:
    gateway_portal.sign_in("delegate@example.com")
    gateway_portal.client.post(
        SESSIONS,
        json={"email": "producer@example.com", "password": "demo", "transport": "cookie"},
        headers={**FIREFOX, "Sec-Fetch-Site": "same-origin"},
    )
    gateway_portal.client.cookies.clear()
    gateway_portal.clock.advance(timedelta(minutes=1))
    found = open_sessions(gateway_portal, gateway_portal.sign_in())
    told = [(one["transport"], one["opened_from"], one["current"]) for one in found]
    assert told == [("bearer", "", True), ("cookie", "Firefox on Windows", False)]
    assert set(found[0]) == {"session_id", "transport", "opened_from", "created_at", "last_used_at", "current"}


def test_session_that_is_over_is_not_listed(gateway_portal: GatewayHarness) -> None:
    gateway_portal.sign_in()
    gateway_portal.clock.advance(timedelta(minutes=16))
    assert len(open_sessions(gateway_portal, gateway_portal.sign_in())) == 1


def test_ending_one_leaves_the_others(gateway_portal: GatewayHarness) -> None:
    mine, lost, third = gateway_portal.sign_in(), gateway_portal.sign_in(), gateway_portal.sign_in()
    assert is_signed_in(gateway_portal, lost)
    ended = next(one["session_id"] for one in open_sessions(gateway_portal, lost) if one["current"])
    assert gateway_portal.client.delete(f"{SESSIONS}/{ended}", headers=mine).status_code == 204
    assert [is_signed_in(gateway_portal, one) for one in (mine, lost, third)] == [True, False, True]
    assert gateway_portal.client.delete(f"{SESSIONS}/{ended}", headers=mine).status_code == 404


def test_nobody_ends_the_session_of_another(gateway_portal: GatewayHarness) -> None:
    mine, theirs = gateway_portal.sign_in(), gateway_portal.sign_in("delegate@example.com")
    [one] = open_sessions(gateway_portal, theirs)
    assert gateway_portal.client.delete(f"{SESSIONS}/{one['session_id']}", headers=mine).status_code == 404
    assert gateway_portal.client.delete(SESSIONS, headers=mine).status_code == 204
    assert is_signed_in(gateway_portal, theirs)


@pytest.mark.parametrize(("path", "stays"), [(f"{SESSIONS}/others", True), (SESSIONS, False)])
def test_signing_out_everywhere_holds_in_another_process_within_a_second(
    gateway_portal: GatewayHarness, gateway_url: str, path: str, stays: bool
) -> None:
    mine, other = gateway_portal.sign_in(), gateway_portal.sign_in()
    with harness(gateway_url) as elsewhere:
        elsewhere.clock.advance(gateway_portal.clock.now() - elsewhere.clock.now())
        assert is_signed_in(elsewhere, other)
        assert gateway_portal.client.delete(path, headers=mine).status_code == 204
        assert [is_signed_in(gateway_portal, one) for one in (mine, other)] == [stays, False]
        elsewhere.clock.advance(SESSION_CACHE_TTL)
        assert [is_signed_in(elsewhere, one) for one in (mine, other)] == [stays, False]


def test_account_page_ends_another_session_and_all_others(browser: GatewayHarness) -> None:
    first, second = browser.sign_in(), browser.sign_in()
    shown = page(browser, "/account")
    ids = re.findall(r'name="session_id" value="([^"]+)"', shown)
    assert shown.count("This session") == 1 and len(ids) == 2
    assert post(browser, "/account/ended-sessions", {"session_id": ids[0]})[:2] == (303, "/account?done=signed-out")
    assert sorted(is_signed_in(browser, one) for one in (first, second)) == [False, True]
    assert post(browser, "/account/sign-out-elsewhere", {})[0] == 303
    assert not any(is_signed_in(browser, one) for one in (first, second))
    assert "The session ended." in page(browser, "/account?done=signed-out")


def test_account_page_signs_out_everywhere(browser: GatewayHarness) -> None:
    other = browser.sign_in()
    assert post(browser, "/account/sign-out-everywhere", {})[:2] == (303, "/sign-in?signed_out=1")
    assert not is_signed_in(browser, other)
    assert browser.client.get("/account").headers["location"] == "/sign-in?next=/account"


def test_operator_says_how_long_sessions_last(gateway_portal: GatewayHarness, gateway_url: str) -> None:
    """The control: with the limits as shipped it would still be open in the first case, and over in the second."""
    with harness(gateway_url, session_idle_minutes=5, session_hours=24) as portal:
        headers = portal.sign_in()
        portal.clock.advance(timedelta(minutes=6))
        assert not is_signed_in(portal, headers)
        headers = portal.sign_in()
        for _ in range(24 * 15 - 1):
            portal.clock.advance(timedelta(minutes=4))
            assert is_signed_in(portal, headers)
        portal.clock.advance(timedelta(minutes=5))
        assert not is_signed_in(portal, headers)


def test_page_warns_by_the_limits_of_the_operator(gateway_portal: GatewayHarness, gateway_url: str) -> None:
    with harness(gateway_url, session_idle_minutes=20, session_hours=2) as portal:
        sign_in(portal, "producer@example.com")
        shown = page(portal, "/account")
    assert 'data-idle-seconds="1200" data-seconds-left="7200"' in shown
    assert "after 20 minutes without use, and after 2 hours" in shown


@pytest.mark.parametrize("path", ["/sign-out", "/account/sign-out-everywhere"])
def test_signing_out_tells_the_browser_to_forget_its_pages(browser: GatewayHarness, path: str) -> None:
    assert "Clear-Site-Data" not in browser.client.get("/").headers, "the control"
    token = re.search(r'name="csrf" value="(\w+)"', browser.client.get("/").text)
    assert token
    answer = browser.client.post(path, data={"csrf": token[1]}, headers=SAME_ORIGIN)
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert not browser.client.cookies
