"""A session that ends while somebody works: the form that was sent is kept, and a script is told."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest

from tests.integration.gateway import page_answers
from tests.integration.gateway.harness import GatewayHarness

SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "navigate"}
TYPED = {"key": "a-key-for-one-quote", "zip": "60601", "members[0].first_name": 'Ada "A" <b>', "action": "view_plans"}


@pytest.fixture
def browser(gateway_portal: GatewayHarness) -> GatewayHarness:
    page_answers.tell(gateway_portal.fake_services)
    sign_in(gateway_portal, "producer@example.com")
    return gateway_portal


def sign_in(harness: GatewayHarness, email: str) -> str:
    fields = {"email": email, "password": "demo", "next": "/enroll"}
    answer = harness.client.post("/sign-in", data=fields, headers=SAME_ORIGIN)
    assert answer.status_code == 303
    return str(answer.headers["location"])


def form_token(harness: GatewayHarness) -> str:
    found = re.search(r'name="csrf" value="(\w+)"', harness.client.get("/resources").text)
    assert found
    return found[1]


def send_after_the_end(harness: GatewayHarness, path: str = "/applications/new?from=7", **changed: str) -> str:
    """Fill a form, let the session end, send the form: where that leads."""
    fields = TYPED | {"csrf": form_token(harness)} | changed
    harness.clock.advance(harness.gateway.sessions.limits.idle + timedelta(minutes=1))
    harness.fake_services.asked.clear()
    answer = harness.client.post(path, data=fields, headers=SAME_ORIGIN)
    assert answer.status_code == 303
    return str(answer.headers["location"])


def test_form_sent_after_the_end_is_offered_after_sign_in_and_sent_again_as_typed(browser: GatewayHarness) -> None:
    location = send_after_the_end(browser)
    assert location == "/sign-in?next=/&kept=1"
    assert "What you typed was kept" in browser.client.get(location).text
    assert not browser.fake_services.asked
    assert sign_in(browser, "producer@example.com") == "/kept-form"

    offered = browser.client.get("/kept-form").text
    fields = {unescape(n): unescape(v) for n, v in re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', offered)}
    assert {name: fields[name] for name in TYPED} == TYPED
    again = browser.client.post("/kept-form", data=fields, headers=SAME_ORIGIN)
    assert (again.status_code, again.headers["location"]) == (307, "/applications/new?from=7")
    assert browser.client.get("/kept-form").status_code == 303  # offered once
    assert sign_in(browser, "producer@example.com") == "/enroll"


def test_sign_in_after_a_form_that_cannot_be_kept_leads_back_to_its_page(browser: GatewayHarness) -> None:
    token, path = form_token(browser), "/applications/A-0001/proof-documents"
    browser.clock.advance(browser.gateway.sessions.limits.idle + timedelta(minutes=1))
    for referer, wanted in ((f"{browser.client.base_url}{path}", path), (f"https://elsewhere.example{path}", "/")):
        answer = browser.client.post(
            path,
            data={"csrf": token, "kind": "other"},
            files={"file": ("proof.pdf", b"%PDF-1.4", "application/pdf")},
            headers={**SAME_ORIGIN, "Referer": referer},
        )
        assert answer.headers["location"] == f"/sign-in?next={wanted}"


def test_kept_form_can_be_dropped(browser: GatewayHarness) -> None:
    send_after_the_end(browser)
    sign_in(browser, "producer@example.com")
    dropped = {"csrf": form_token(browser), "kept_form": "drop"}
    answer = browser.client.post("/kept-form", data=dropped, headers=SAME_ORIGIN)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert browser.client.get("/kept-form").headers["location"] == "/"


def test_somebody_else_who_signs_in_sees_nothing_of_it(browser: GatewayHarness) -> None:
    send_after_the_end(browser)
    assert sign_in(browser, "delegate@example.com") == "/enroll"
    assert browser.client.get("/kept-form").headers["location"] == "/"


def test_form_of_a_page_from_before_the_same_person_signed_in_again_is_kept_and_offered(
    browser: GatewayHarness,
) -> None:
    """Signed out and in again in another tab, while this one was being filled in."""
    typed = TYPED | {"csrf": form_token(browser)}
    sign_in(browser, "producer@example.com")
    browser.fake_services.asked.clear()
    answer = browser.client.post("/applications/new?from=7", data=typed, headers=SAME_ORIGIN)
    assert (answer.status_code, answer.headers["location"]) == (303, "/kept-form")
    assert not browser.fake_services.asked
    offered = browser.client.get("/kept-form").text
    fields = {unescape(n): unescape(v) for n, v in re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', offered)}
    assert {name: fields[name] for name in TYPED} == TYPED
    again = browser.client.post("/kept-form", data=fields, headers=SAME_ORIGIN)
    assert (again.status_code, again.headers["location"]) == (307, "/applications/new?from=7")


def test_form_of_somebody_else_who_was_signed_in_before_is_refused_and_not_kept(browser: GatewayHarness) -> None:
    typed = TYPED | {"csrf": form_token(browser)}
    sign_in(browser, "delegate@example.com")
    assert browser.client.post("/applications/new", data=typed, headers=SAME_ORIGIN).status_code == 403
    assert browser.client.get("/kept-form").headers["location"] == "/"
    sign_in(browser, "producer@example.com")
    assert browser.client.get("/kept-form").headers["location"] == "/"


@pytest.mark.parametrize("path", ["/sign-out", "/kept-form"])
def test_form_about_the_session_itself_is_not_kept(browser: GatewayHarness, path: str) -> None:
    token = form_token(browser)
    sign_in(browser, "producer@example.com")
    assert browser.client.post(path, data={"csrf": token}, headers=SAME_ORIGIN).status_code == 403
    assert browser.client.get("/kept-form").headers["location"] == "/"


def test_script_with_a_form_of_an_earlier_session_is_refused(browser: GatewayHarness) -> None:
    token = form_token(browser)
    sign_in(browser, "producer@example.com")
    headers = {**SAME_ORIGIN, "Sec-Fetch-Mode": "cors"}
    assert browser.client.post("/notifications/read", data={"csrf": token}, headers=headers).status_code == 403


def test_form_of_another_site_or_of_nobody_is_not_kept(browser: GatewayHarness) -> None:
    typed = TYPED | {"csrf": form_token(browser)}
    assert send_after_the_end(browser, csrf="made-up") == "/sign-in?next=/"
    answer = browser.client.post("/applications/new", data=typed, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.headers["location"] == "/sign-in?next=/"
    browser.client.cookies.clear()
    answer = browser.client.post("/applications/new", data=typed, headers=SAME_ORIGIN)
    assert answer.headers["location"] == "/sign-in?next=/"
    assert sign_in(browser, "producer@example.com") == "/enroll"


def test_session_that_ended_does_not_come_back(browser: GatewayHarness) -> None:
    token = form_token(browser)
    browser.clock.advance(browser.gateway.sessions.limits.idle + timedelta(minutes=1))
    for _ in range(2):
        assert browser.client.get("/resources").status_code == 303
        assert browser.client.post("/notifications/read", data={"csrf": token}, headers=SAME_ORIGIN).status_code == 303
    assert browser.client.get("/resources").status_code == 303


def test_form_of_somebody_who_signed_out_is_not_kept(browser: GatewayHarness) -> None:
    token, cookie = form_token(browser), browser.client.cookies["sid"]
    browser.client.post("/sign-out", data={"csrf": token}, headers=SAME_ORIGIN)
    browser.client.cookies.set("sid", cookie)
    answer = browser.client.post("/applications/new", data=TYPED | {"csrf": token}, headers=SAME_ORIGIN)
    assert answer.headers["location"] == "/sign-in?next=/"


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Mode": "cors"}, {"HX-Request": "true"}])
def test_script_is_told_that_the_session_ended(browser: GatewayHarness, headers: dict[str, str]) -> None:
    browser.clock.advance(browser.gateway.sessions.limits.idle + timedelta(minutes=1))
    for answer in (browser.client.get("/quotes", headers=headers), browser.client.get("/session", headers=headers)):
        assert answer.status_code == 401


def test_asking_keeps_the_session_up_to_a_working_day(browser: GatewayHarness) -> None:
    for _ in range(int(browser.gateway.sessions.limits.absolute / timedelta(minutes=10)) - 1):
        browser.clock.advance(timedelta(minutes=10))
        answer = browser.client.get("/session")
        assert answer.status_code == 200
    assert answer.json() == {"seconds_left": 600}
    browser.clock.advance(timedelta(minutes=11))
    assert browser.client.get("/session").status_code == 401


def test_signing_in_over_the_page_gives_its_forms_a_token(browser: GatewayHarness) -> None:
    browser.clock.advance(browser.gateway.sessions.limits.idle + timedelta(minutes=1))
    fields = {"email": "producer@example.com", "password": "demo"}
    answer = browser.client.post("/session", data=fields, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 200
    token = {"csrf": answer.json()["csrf"]}
    assert browser.client.post("/notifications/read", data=token, headers=SAME_ORIGIN).status_code == 303


def test_signing_in_over_the_page_refuses_wrong_passwords_and_other_sites(browser: GatewayHarness) -> None:
    fields = {"email": "producer@example.com", "password": "wrong"}
    for _ in range(5):
        answer = browser.client.post("/session", data=fields, headers={"Sec-Fetch-Site": "same-origin"})
        assert (answer.status_code, "password is incorrect" in answer.json()["message"]) == (401, True)
    assert browser.client.post("/session", data=fields, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 429
    foreign = browser.client.post("/session", data=fields, headers={"Sec-Fetch-Site": "cross-site"})
    assert foreign.status_code == 403


def test_signing_out_after_the_end_is_done_and_nothing_to_send_again(browser: GatewayHarness) -> None:
    token = form_token(browser)
    browser.clock.advance(browser.gateway.sessions.limits.idle + timedelta(minutes=1))
    answer = browser.client.post("/sign-out", data={"csrf": token}, headers=SAME_ORIGIN)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?signed_out=1")
    assert sign_in(browser, "producer@example.com") == "/enroll"
