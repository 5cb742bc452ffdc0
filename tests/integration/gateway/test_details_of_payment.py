"""The first payment on Application Details: its status, its panel, autopay (R94)."""

from __future__ import annotations

import re

import pytest
from suite.payment.v1 import payment_pb2, payment_service_pb2

from chassis.kernel import Conflict, NotFound, Unavailable
from tests.integration.gateway.application_answers import payment, tell_application, whole_application
from tests.integration.gateway.harness import GatewayHarness
from tests.integration.gateway.page_answers import AT
from tests.integration.gateway.test_pages import page, post, sign_in

DETAILS = "/applications/A-0638"


@pytest.fixture
def browser(gateway_portal: GatewayHarness) -> GatewayHarness:
    sign_in(gateway_portal, "producer@example.com")
    tell_application(gateway_portal.fake_services, whole_application())
    return gateway_portal


@pytest.mark.parametrize(
    ("status", "word"),
    [
        (payment_pb2.PAYMENT_STATUS_PENDING, "Pending"),
        (payment_pb2.PAYMENT_STATUS_SUCCESSFUL, "Successful"),
        (payment_pb2.PAYMENT_STATUS_FAILED, "Failed"),
        (payment_pb2.PAYMENT_STATUS_BILL_LATER, "Bill later"),
    ],
)
def test_the_payment_service_is_believed_before_enrollment(
    browser: GatewayHarness, status: payment_pb2.PaymentStatus.ValueType, word: str
) -> None:
    browser.fake_services.answers["GetPayment"] = payment(status)
    shown = page(browser, DETAILS)
    assert f">{word}</" in shown and "Not started" not in shown


def test_a_paid_application_shows_confirmation_method_and_autopay_and_no_way_to_pay_again(
    browser: GatewayHarness,
) -> None:
    browser.fake_services.answers["GetPayment"] = payment(
        payment_pb2.PAYMENT_STATUS_SUCCESSFUL,
        confirmation_number="AAXTFES5DM",
        method="card ending 4242",
        autopay=autopay(),
    )
    shown = page(browser, DETAILS)
    for told in (
        "AAXTFES5DM",
        "Card ending 4242",
        "Checking account ending 6789",
        "<dt>Account holder</dt><dd>Ada Sample</dd>",
        "<dt>Autopay agreed</dt>",
        "January 2027",
    ):
        assert told in shown
    assert f'href="{DETAILS}/autopay-cancellation"' in shown
    assert "/pay" not in re.findall(r'href="([^"]*)"', shown) and "Pay Now" not in shown
    assert 'hx-get="/applications/A-0638/payment' not in shown


def autopay() -> payment_pb2.Autopay:
    return payment_pb2.Autopay(
        method="checking account ending 6789", account_holder="Ada Sample", agreed_at=AT, starts_on="2027-01-01"
    )


def test_autopay_is_cancelled_after_a_question_and_says_since_when(browser: GatewayHarness) -> None:
    answers = browser.fake_services.answers
    answers["GetPayment"] = payment(payment_pb2.PAYMENT_STATUS_SUCCESSFUL, autopay=autopay())
    answers["CancelAutopay"] = payment_service_pb2.CancelAutopayResponse()
    at = f"{DETAILS}/autopay-cancellation"
    asked = page(browser, at)
    assert "checking account ending 6789 of Ada Sample" in asked
    assert post(browser, at, {})[:2] == (303, f"{DETAILS}#payment")
    answers["CancelAutopay"] = Conflict("Autopay is already cancelled.", code="autopay_cancelled")
    assert post(browser, at, {})[0] == 303, "the second of a double click"
    answers["CancelAutopay"] = Conflict("Autopay is not set up for this application.", code="no_autopay")
    assert post(browser, at, {})[0] == 409
    ended = autopay()
    ended.cancelled_at.CopyFrom(AT)
    answers["GetPayment"] = payment(payment_pb2.PAYMENT_STATUS_SUCCESSFUL, autopay=ended)
    shown = page(browser, DETAILS)
    assert "Autopay cancelled" in shown and f'href="{at}"' not in shown
    assert browser.client.get(at).status_code == 303


def test_a_payment_of_another_amount_says_that_it_is_looked_into_and_offers_no_payment(browser: GatewayHarness) -> None:
    reason = "The payment processor reported a different amount. Do not pay again."
    browser.fake_services.answers["GetPayment"] = payment(payment_pb2.PAYMENT_STATUS_PENDING, failure_reason=reason)
    shown = page(browser, DETAILS)
    assert reason in shown and "The payment was sent and is not settled." in shown
    assert "is being processed" not in shown and f'href="{DETAILS}/pay"' not in shown


def test_a_client_who_was_sent_to_another_page_can_start_again(browser: GatewayHarness) -> None:
    away = payment(payment_pb2.PAYMENT_STATUS_PENDING)
    away.payment.handed_over, away.payment.method = True, "carrier's payment page"
    browser.fake_services.answers["GetPayment"] = away
    shown = page(browser, DETAILS)
    assert "The client was sent to the carrier&#39;s payment page and no result has come back yet." in shown
    assert "Start Again" in shown and f'href="{DETAILS}/pay"' in shown and "is being processed" not in shown
    away.payment.handed_over = False
    shown = page(browser, DETAILS)
    assert "is being processed" in shown and f'href="{DETAILS}/pay"' not in shown


def test_a_declined_payment_says_why_and_offers_another_try(browser: GatewayHarness) -> None:
    reason = "There are insufficient funds for this payment."
    browser.fake_services.answers["GetPayment"] = payment(payment_pb2.PAYMENT_STATUS_FAILED, failure_reason=reason)
    shown = page(browser, DETAILS)
    assert reason in shown and "Try Again" in shown and f'href="{DETAILS}/pay"' in shown


def test_an_application_billed_later_can_still_be_paid_online(browser: GatewayHarness) -> None:
    browser.fake_services.answers["GetPayment"] = payment(payment_pb2.PAYMENT_STATUS_BILL_LATER)
    shown = page(browser, DETAILS)
    assert "bill by mail" in shown and "Pay Now" in shown


def test_an_overdue_payment_says_since_when_and_that_it_can_still_be_made(browser: GatewayHarness) -> None:
    answers = browser.fake_services.answers
    answers["GetPayment"] = payment(payment_pb2.PAYMENT_STATUS_NOT_STARTED, overdue_since="2026-07-01")
    shown = page(browser, DETAILS)
    assert "Overdue</span>" in shown and "It was due 7/1/2026; the client can still pay." in shown
    assert ">Not started</" in shown and f'href="{DETAILS}/pay"' in shown
    answers["GetPayment"] = payment(payment_pb2.PAYMENT_STATUS_NOT_STARTED)
    assert "Overdue</span>" not in page(browser, DETAILS)


def test_the_payment_panel_asks_every_second_while_pending_and_stops_once_settled(browser: GatewayHarness) -> None:
    answers = browser.fake_services.answers
    answers["GetPayment"] = payment(payment_pb2.PAYMENT_STATUS_PENDING)
    shown = page(browser, DETAILS)
    assert f'hx-get="{DETAILS}/payment?polls=1" hx-trigger="every 1s"' in shown
    assert '<noscript><meta http-equiv="refresh"' in shown
    panel = page(browser, f"{DETAILS}/payment?polls=7")
    assert "<html" not in panel and 'polls=8"' in panel and 'hx-trigger="every 1s"' in panel
    answers["GetPayment"] = payment(payment_pb2.PAYMENT_STATUS_SUCCESSFUL)
    settled = page(browser, f"{DETAILS}/payment?polls=8")
    assert ">Successful</" in settled and "hx-get" not in settled


def test_a_payment_that_is_open_is_asked_for_every_second_at_first_and_slower_later(browser: GatewayHarness) -> None:
    assert '/payment?polls=1" hx-trigger="every 1s"' in page(browser, DETAILS)
    assert 'hx-trigger="every 1s"' in page(browser, f"{DETAILS}/payment?polls=59")
    assert 'hx-trigger="every 5s"' in page(browser, f"{DETAILS}/payment?polls=60")


@pytest.mark.parametrize("polls", ["300", "301", "9999", "-1", "x", ""])
def test_the_payment_panel_stops_after_some_time_whatever_count_is_sent(browser: GatewayHarness, polls: str) -> None:
    assert "hx-get" not in page(browser, f"{DETAILS}/payment?polls={polls}")


def test_a_panel_asked_without_a_session_says_so_instead_of_showing_a_page(browser: GatewayHarness) -> None:
    browser.client.cookies.clear()
    panel = page(browser, f"{DETAILS}/payment?polls=1")
    assert "Your session has ended" in panel and "<html" not in panel and "hx-get" not in panel


def test_a_panel_goes_on_asking_while_a_service_is_away(browser: GatewayHarness) -> None:
    browser.fake_services.answers["GetApplication"] = Unavailable("away")
    assert browser.client.get(f"{DETAILS}/payment?polls=1").status_code == 204


@pytest.mark.parametrize("lost", [Unavailable("away"), NotFound("none")])
def test_details_are_shown_without_the_payment_service(browser: GatewayHarness, lost: Exception) -> None:
    browser.fake_services.answers["GetPayment"] = lost
    shown = page(browser, DETAILS)
    assert "Not started" in shown and "Payment details are not available at the moment." in shown


def test_pay_now_stands_at_the_head_of_an_application_that_was_just_submitted(browser: GatewayHarness) -> None:
    assert "Pay Now was chosen." in page(browser, DETAILS)
    browser.fake_services.answers["GetPayment"] = payment(payment_pb2.PAYMENT_STATUS_BILL_LATER)
    assert "Pay Now was chosen." not in page(browser, DETAILS)
