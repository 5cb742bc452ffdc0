"""From a saved quote into enrollment: the application, the question of R14, the exchange."""

from __future__ import annotations

import re
from typing import Any

import pytest
from suite.common.v1 import common_pb2
from suite.enrollment.v1 import application_pb2, clients_pb2, enrollment_service_pb2
from suite.quote.v1 import quote_service_pb2

from chassis.kernel import Conflict
from tests.integration.gateway import page_answers
from tests.integration.gateway.harness import GatewayHarness
from tests.integration.gateway.test_pages import browser, page, post, sign_in

__all__ = ["browser"]


def start(harness: GatewayHarness, **fields: Any) -> tuple[int, str, str]:
    harness.fake_services.answers["StartEnrollment"] = enrollment_service_pb2.StartEnrollmentResponse(**fields)
    return post(harness, "/quotes/q-1/enrollment", {"key": "12345678"})


def test_enrollment_leads_to_the_application(browser: GatewayHarness) -> None:
    application = page_answers.application(application_pb2.APPLICATION_STATUS_INCOMPLETE, "A-0001")
    assert start(browser, outcome="started", application=application)[:2] == (303, "/applications/A-0001/resume")


def test_an_application_that_was_started_before_is_asked_about_and_each_can_be_resumed(
    browser: GatewayHarness,
) -> None:
    duplicates = [
        clients_pb2.Duplicate(record_number="A-0003", can_be_resumed=True),
        clients_pb2.Duplicate(record_number="A-0001", can_be_resumed=True),
        clients_pb2.Duplicate(record_number="A-0002"),
    ]
    found = start(browser, outcome="choice_needed", incomplete_record_number="A-0003", duplicates=duplicates)
    assert found[:2] == (303, "/quotes/q-1?choose=1")
    shown = page(browser, found[1])
    shown = shown.replace('<span class="nowrap">', "").replace("</span>", "")
    for text in ("Create New Application", "Go To Incomplete Application A-0003", "Application A-0001", "A-0002"):
        assert text in shown
    assert "Create New Application" not in page(browser, "/quotes/q-1")
    post(browser, "/quotes/q-1/enrollment", {"key": "12345678", "choice": "resume", "record_number": "A-0001"})
    assert browser.fake_services.last("StartEnrollment").record_number == "A-0001"


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("client_asked", clients_pb2.NEW_APPLICATION_REASON_CLIENT_ASKED),
        ("", clients_pb2.NEW_APPLICATION_REASON_UNSPECIFIED),
    ],
)
def test_whether_a_new_application_needs_a_reason_is_for_enrollment_to_say(
    browser: GatewayHarness, typed: str, sent: int
) -> None:
    post(browser, "/quotes/q-1/enrollment", {"key": "12345678", "choice": "create_new", "reason": typed})
    assert browser.fake_services.last("StartEnrollment").reason == sent


def test_a_reason_that_the_page_does_not_offer_starts_nothing(browser: GatewayHarness) -> None:
    typed = {"key": "12345678", "choice": "create_new", "reason": "made up"}
    assert post(browser, "/quotes/q-1/enrollment", typed)[:2] == (303, "/quotes/q-1?refused=1&choose=1")
    assert "StartEnrollment" not in [rpc for rpc, _, _ in browser.fake_services.asked]


def test_on_exchange_the_new_tab_goes_on_to_the_exchange_by_itself(browser: GatewayHarness) -> None:
    fields: dict[str, Any] = {"outcome": "on_exchange_redirect", "exchange_target": "ISP"}
    url = "https://exchange.example/sign-in"
    browser.fake_services.answers["StartEnrollment"] = enrollment_service_pb2.StartEnrollmentResponse(
        **fields, exchange_url=url
    )
    found = re.search(r'name="csrf" value="(\w+)"', page(browser, "/quotes/q-1"))
    assert found
    answer = browser.client.post(
        "/quotes/q-1/enrollment",
        data={"csrf": found[1], "key": "12345678"},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert answer.headers["refresh"] == f"0; url={url}" and f'href="{url}"' in answer.text
    assert "javascript" not in start(browser, **fields, exchange_url="javascript:alert(1)")[2]


def test_on_exchange_plans_are_enrolled_in_a_new_tab_and_this_one_goes_to_the_list(browser: GatewayHarness) -> None:
    on_exchange = page_answers.saved_quote()
    on_exchange.exchange = common_pb2.EXCHANGE_ON
    browser.fake_services.answers["GetQuote"] = quote_service_pb2.GetQuoteResponse(quote=on_exchange)
    assert re.search(r'/enrollment" target="_blank" rel="noopener" data-then="/quotes"', page(browser, "/quotes/q-1"))
    sign_in(browser, "delegate@example.com")
    shown = page(browser, "/quotes/q-1")
    assert "Enroll in Selected Plans" not in shown and "Delegates cannot enroll clients on-exchange" in shown


def test_a_refused_enrollment_is_said_on_the_review_page(browser: GatewayHarness) -> None:
    browser.fake_services.answers["StartEnrollment"] = Conflict("This quote has expired.", code="quote_expired")
    status, location, _ = post(browser, "/quotes/q-1/enrollment", {"key": "12345678"})
    assert (status, location) == (303, "/quotes/q-1?refused=1")
    assert "This quote has expired." in page(browser, location)
