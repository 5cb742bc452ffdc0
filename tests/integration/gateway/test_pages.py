"""The portal's pages as a browser without JavaScript uses them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest
from suite.payment.v1 import payment_service_pb2
from suite.quote.v1 import quote_service_pb2

from chassis.kernel import Conflict, NotFound
from tests.integration.gateway import page_answers
from tests.integration.gateway.harness import GatewayHarness

SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def browser(gateway_portal: GatewayHarness) -> GatewayHarness:
    """The portal with somebody signed in by cookie, and services that answer."""
    page_answers.tell(gateway_portal.fake_services)
    sign_in(gateway_portal, "producer@example.com")
    return gateway_portal


def sign_in(harness: GatewayHarness, email: str) -> None:
    fields = {"email": email, "password": "demo", "next": "/"}
    answer = harness.client.post("/sign-in", data=fields, headers=SAME_ORIGIN)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


def page(harness: GatewayHarness, path: str) -> str:
    answer = harness.client.get(path)
    assert answer.status_code == 200, answer.text
    return answer.text


def post(harness: GatewayHarness, path: str, fields: Mapping[str, str | list[str]]) -> tuple[int, str, str]:
    """Fill a form that was fetched before: status, where to go, text."""
    found = re.search(r'name="csrf" value="(\w+)"', harness.client.get("/notifications").text + page(harness, "/"))
    assert found
    answer = harness.client.post(path, data={"csrf": found[1], **fields}, headers=SAME_ORIGIN)
    return answer.status_code, answer.headers.get("location", ""), answer.text


def test_a_visitor_without_a_session_is_sent_to_sign_in_and_back(gateway_portal: GatewayHarness) -> None:
    answer = gateway_portal.client.get("/quotes")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/quotes")


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example", "/\\evil.example", "/a//b", "javascript:x"]
)
def test_sign_in_never_leads_elsewhere(gateway_portal: GatewayHarness, target: str) -> None:
    fields = {"email": "producer@example.com", "password": "demo", "next": target}
    answer = gateway_portal.client.post("/sign-in", data=fields, headers=SAME_ORIGIN)
    assert answer.headers["location"] == "/"


def test_a_new_sign_in_ends_the_session_before(browser: GatewayHarness) -> None:
    before = browser.client.cookies["sid"]
    sign_in(browser, "delegate@example.com")
    after = browser.client.cookies["sid"]
    assert before != after
    browser.client.cookies.clear()
    browser.client.cookies.set("sid", before)
    assert browser.client.get("/").status_code == 303


def test_the_quotes_tile_is_shown_only_when_there_are_quotes(browser: GatewayHarness) -> None:
    assert "View saved quotes" in page(browser, "/quote-and-enroll")
    browser.fake_services.answers["ListQuotes"] = quote_service_pb2.ListQuotesResponse()
    shown = page(browser, "/quote-and-enroll")
    assert "View saved quotes" not in shown
    assert "New Quote" in shown and "Enroll a client" in shown


@pytest.mark.parametrize(
    "path",
    ["/quotes/new/a-key", "/quotes/q-1/edit", "/quotes/q-1/plans", "/quotes/q-1/enrollment", "/applications/new"],
)
@pytest.mark.parametrize("token", ["", "0" * 64])
def test_a_form_without_the_sessions_token_is_refused(browser: GatewayHarness, path: str, token: str) -> None:
    browser.fake_services.asked.clear()
    answer = browser.client.post(path, data={"csrf": token}, headers=SAME_ORIGIN)
    assert answer.status_code == 403
    assert browser.fake_services.asked == []


def test_a_form_from_another_site_is_refused(browser: GatewayHarness) -> None:
    answer = browser.client.post("/sign-out", data={}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert browser.client.get("/").status_code == 200


def test_a_submitted_application_shows_what_the_guide_names(browser: GatewayHarness) -> None:
    shown = page(browser, "/applications/A-0638")
    for text in ("Application A-0638", "FRITZ, CALVIN C", "5/20/2026", "$1,458.81", "View Application PDF", "Pay Now"):
        assert text in shown


def test_an_application_shows_what_each_month_costs_and_that_the_plan_year_ends(browser: GatewayHarness) -> None:
    shown = page(browser, "/applications/A-0638")
    for text in ("December 2026", "January 2027", "$1,546.34", "$3,005.15", "the plan year ends on 12/31/2026"):
        assert text in shown


def test_an_incomplete_application_says_what_is_missing(browser: GatewayHarness) -> None:
    shown = page(browser, "/applications/A-0001")
    assert "Please add a life event." in shown and "View Application PDF" not in shown


def test_paying_leads_to_the_payment_page_and_nowhere_else(browser: GatewayHarness) -> None:
    answers = browser.fake_services.answers
    answers["CreatePaymentLink"] = payment_service_pb2.CreatePaymentLinkResponse(url="https://pay.example/p/1")
    answer = follow_pay_link(browser)
    assert (answer.status_code, answer.headers["location"]) == (303, "https://pay.example/p/1")
    answers["CreatePaymentLink"] = payment_service_pb2.CreatePaymentLinkResponse(url="https://pay.example.evil/p/1")
    assert follow_pay_link(browser).status_code == 503
    answers["ConfirmPayable"] = Conflict("No payment is due.", code="application_cancelled")
    assert follow_pay_link(browser).status_code == 409


def follow_pay_link(browser: GatewayHarness, headers: dict[str, str] = SAME_ORIGIN) -> Any:
    return browser.client.get("/applications/A-0638/pay", headers=headers)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Referer": "http://testserver/"},
        {"Referer": "https://evil.example/http://testserver/"},
    ],
)
def test_no_other_site_makes_a_browser_end_the_links_of_a_payment(
    browser: GatewayHarness, headers: dict[str, str]
) -> None:
    browser.fake_services.asked.clear()
    answer = follow_pay_link(browser, headers)
    assert (answer.status_code, answer.headers["location"]) == (303, "/applications/A-0638")
    assert browser.fake_services.asked == []


def test_a_browser_that_names_the_page_alone_may_pay(browser: GatewayHarness) -> None:
    url = "https://pay.example/p/1"
    browser.fake_services.answers["CreatePaymentLink"] = payment_service_pb2.CreatePaymentLinkResponse(url=url)
    answer = follow_pay_link(browser, {"Referer": f"{browser.client.base_url}/applications/A-0638"})
    assert answer.headers["location"] == url


def test_an_unknown_record_number_is_an_error_page_that_helps(browser: GatewayHarness) -> None:
    browser.fake_services.answers["GetApplication"] = NotFound("There is no such application.")
    answer = browser.client.get("/applications/A-9999")
    assert answer.status_code == 404
    assert "There is no such application." in answer.text and "Go to Home" in answer.text


def test_signing_out_ends_the_session(browser: GatewayHarness) -> None:
    assert post(browser, "/sign-out", {})[:2] == (303, "/sign-in?signed_out=1")
    assert browser.client.get("/").status_code == 303


def test_every_page_forbids_caching_and_has_no_inline_script_or_style(browser: GatewayHarness) -> None:
    for path in (
        "/",
        "/quotes",
        "/quotes/new/a-key",
        "/quotes/q-1",
        "/quotes/q-1/edit",
        "/quotes/q-1/plans",
        "/enroll",
        "/applications/A-0638",
    ):
        answer = browser.client.get(path)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "no-store"
        inline = re.search(r"<script(?![^>]* src=)|<style| style=| on[a-z]+=", answer.text)
        assert inline is None, inline


def test_an_unexpected_fault_shows_no_stack(browser: GatewayHarness) -> None:
    browser.fake_services.answers["SearchApplications"] = ValueError("secret detail")
    answer = browser.client.get("/enroll")
    assert answer.status_code == 503
    assert "secret" not in answer.text and "Traceback" not in answer.text
