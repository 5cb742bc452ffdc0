"""From the page of the suite to the payment page of a processor, and back by its callback."""

from __future__ import annotations

import html
import json
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from chassis.db import Database
from chassis.kernel import FixedClock, SystemClock
from deploy.local.ports import free_port
from services.payment.domain.payment import PaymentStatus
from services.payment.events.outgoing import event_to_proto
from services.payment.page.handoff_pages import HandoffPages
from services.payment.remote.hosted_page import HostedPage
from services.payment.remote.pay_now.carrier_page import CarrierPage
from services.payment.remote.signature import signed_headers
from services.payment.store.subscribers import SubscriberCipher
from services.payment.store.work import make_transactions
from services.payment.usecases.find_subscriber import FindSubscriber
from services.payment.usecases.sweep_payments import HANDED_OVER_FOR
from tests.integration.chassis.waiting import until
from tests.integration.services.payment.carrier_stand_in import CarrierStandIn, Python3Saml
from tests.integration.services.payment.harness import (
    CARRIER_SECRETS,
    PORTAL,
    TEXAS,
    Browser,
    PaymentHarness,
    run_payment,
)
from tests.unit.services.payment.pay_now_samples import ADA, PROFILE, make_key
from tests.unit.services.payment.processor_stand_in import FormRefused, ProcessorStandIn

KEY = b"h" * 32
ADDRESS = "https://pay.processor.example/start?shop=7"
WHO = {"payer": "family", "accept_terms": "yes"}


@pytest.fixture(scope="module")
def hosted(payment_database: Database) -> Iterator[PaymentHarness]:
    pages = HandoffPages(HostedPage("Example Pay", ADDRESS, KEY, SystemClock()))
    with run_payment(payment_database, free_port(), free_port(), webhooks_arrive=True, pages=pages) as running:
        yield running


@pytest.fixture(scope="module")
def pay_now(payment_database: Database) -> Iterator[PaymentHarness]:
    """Texas pays at its carrier's page, everybody else at the processor's."""
    encryption, moments = SubscriberCipher(b"s" * 32), SystemClock()
    find = FindSubscriber(make_transactions(payment_database, event_to_proto), moments, encryption)
    page = CarrierPage("Blue Cross and Blue Shield of Texas", PROFILE, make_key(), find, moments)
    pages = HandoffPages(HostedPage("Example Pay", ADDRESS, KEY, SystemClock()), {"TX": page})
    with run_payment(payment_database, free_port(), free_port(), webhooks_arrive=True, pages=pages) as running:
        yield running


def keep_subscriber(pay_now: PaymentHarness, record_number: str) -> None:
    sealed, until_then = (
        SubscriberCipher(b"s" * 32).seal(ADA, record_number),
        SystemClock().now() + timedelta(minutes=5),
    )
    with pay_now.transactions() as work:
        work.subscribers.keep_subscriber(record_number, sealed, until_then)


def hand_over(hosted: PaymentHarness, browser: Browser, record_number: str) -> httpx.Response:
    hosted.open(record_number)
    browser.go(hosted.link(record_number))
    return browser.post("/pay", WHO)


def fields_of(page: str) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="([A-Za-z_]+)" value="([^"]*)">', page)
    return {name: html.unescape(value) for name, value in found}


def report(
    hosted: PaymentHarness,
    reference: str,
    sender: str = "processor",
    secret: bytes = b"",
    webhook_id: str = "",
    **changed: object,
) -> int:
    """A signed callback, of the processor unless another sender is named."""
    data = {"id": reference, "status": "approved", "amount_cents": 209_140, "currency": "USD", "reference": "ch_1"}
    body = json.dumps({"type": "charge.approved", "data": data | changed}).encode()
    named = webhook_id or f"msg_{time.monotonic_ns()}"
    headers = signed_headers(secret or hosted.secret, named, int(time.time()), body)
    return httpx.post(f"{hosted.page_url}/callbacks/{sender}", content=body, headers=headers).status_code


def test_nothing_is_typed_here_and_a_signed_form_goes_there_alone(hosted: PaymentHarness, browser: Browser) -> None:
    hosted.open("A-2001")
    first = browser.go(hosted.link("A-2001"))
    assert not {"card_number", "account_number", "Sandbox:"} & set(
        re.findall(r"card_number|account_number|Sandbox:", first.text)
    )

    page = browser.post("/pay", WHO)
    assert page.status_code == 200
    assert "Continue to Example Pay to pay" in page.text
    assert f'action="{ADDRESS}"' in page.text
    policy = page.headers["content-security-policy"]
    assert "form-action https://pay.processor.example;" in policy
    assert "default-src 'none'" in policy
    assert page.headers["cache-control"] == "no-store"

    fields = fields_of(page.text)
    assert (fields["amount"], fields["return_url"]) == ("2091.40", f"{PORTAL}/applications/A-2001")
    assert "csrf_token" not in fields, "the session's secrets stay here"
    assert hosted.see("A-2001").status is PaymentStatus.PENDING


def test_the_processor_takes_the_form_once_and_its_callback_makes_it_successful(
    hosted: PaymentHarness, browser: Browser
) -> None:
    fields = fields_of(hand_over(hosted, browser, "A-2002").text)
    processor, now = ProcessorStandIn(KEY), SystemClock().now()
    with pytest.raises(FormRefused, match="signature"):
        processor.accept(fields | {"amount": "1.00"}, now)
    reference = processor.accept(fields, now)
    with pytest.raises(FormRefused, match="used"):
        processor.accept(fields, now)

    again = browser.go(f"{hosted.page_url}/pay")
    assert processor.accept(fields_of(again.text), now) == reference, "back in the browser gives the next form"

    assert report(hosted, reference) == 204
    until(lambda: hosted.see("A-2002").status is PaymentStatus.SUCCESSFUL, 10)
    assert [kind for kind, _ in hosted.sent_events("A-2002")] == ["payment.payment.succeeded.v1"]
    assert "Payment received" in browser.go(f"{hosted.page_url}/pay/continue").text


def test_another_amount_is_not_successful(hosted: PaymentHarness, browser: Browser) -> None:
    fields = fields_of(hand_over(hosted, browser, "A-2003").text)
    assert report(hosted, fields["reference"], amount_cents=100) == 204
    until(lambda: "different amount" in hosted.see("A-2003").failure_reason, 10)
    assert hosted.see("A-2003").status is PaymentStatus.PENDING


def test_who_does_not_pay_there_gets_a_bill_and_may_come_again(hosted: PaymentHarness, browser: Browser) -> None:
    first = fields_of(hand_over(hosted, browser, "A-2004").text)
    later = FixedClock(hosted.moments.now() + HANDED_OVER_FOR + timedelta(seconds=1))
    replace(hosted.sweep, moments=later)()
    assert hosted.see("A-2004").status is PaymentStatus.BILL_LATER
    again = fields_of(hand_over(hosted, browser, "A-2004").text)
    assert again["reference"] == first["reference"]
    assert again["one_time_id"] != first["one_time_id"]


def test_who_closes_the_other_page_gets_a_new_link_at_once_and_pays_once(
    hosted: PaymentHarness, browser: Browser
) -> None:
    first = fields_of(hand_over(hosted, browser, "A-2007").text)
    form = browser.go(hosted.link("A-2007"))
    assert "If you paid there, do not pay again." in form.text
    again = fields_of(browser.post("/pay", WHO).text)
    assert again["reference"] == first["reference"] and again["one_time_id"] != first["one_time_id"]
    assert report(hosted, first["reference"]) == report(hosted, again["reference"]) == 204
    until(lambda: hosted.see("A-2007").status is PaymentStatus.SUCCESSFUL, 10)
    assert [kind for kind, _ in hosted.sent_events("A-2007")] == ["payment.payment.succeeded.v1"]


def test_who_does_not_say_who_pays_goes_nowhere(hosted: PaymentHarness, browser: Browser) -> None:
    hosted.open("A-2005")
    browser.go(hosted.link("A-2005"))
    refused = browser.post("/pay", {"accept_terms": "yes"})
    assert refused.request.method == "GET"  # so that Back sends nothing again
    assert "Choose who is making this payment." in refused.text
    assert hosted.see("A-2005").status is PaymentStatus.NOT_STARTED
    assert browser.go(f"{hosted.page_url}/pay/continue").url.path == "/pay"


def test_the_way_there_is_in_spanish_too(hosted: PaymentHarness, browser: Browser) -> None:
    hand_over(hosted, browser, "A-2006")
    spanish = browser.go(f"{hosted.page_url}/language/es?back=/pay/continue")
    assert "Continuar a Example Pay para pagar" in spanish.text


def test_the_carriers_page_takes_a_signed_assertion_and_the_bill_comes_without_its_word(
    pay_now: PaymentHarness, browser: Browser
) -> None:
    pay_now.open("A-2101")
    keep_subscriber(pay_now, "A-2101")
    page = hand_over(pay_now, browser, "A-2101")
    assert "Continue to Blue Cross and Blue Shield of Texas to pay" in page.text
    assert "form-action https://pay.sample-carrier.example;" in page.headers["content-security-policy"]
    assert f'action="{PROFILE.pay_url}"' in page.text

    fields = fields_of(page.text)
    assert set(fields) == {"SAMLResponse"}
    read = CarrierStandIn(Python3Saml(make_key().certificate)).accept(fields)
    assert (read["Total Amount Owed"], read["Payment Transaction ID"]) == (["2091.40"], ["0000000002101"])

    assert pay_now.see("A-2101").status is PaymentStatus.PENDING
    later = FixedClock(pay_now.moments.now() + HANDED_OVER_FOR + timedelta(seconds=1))
    replace(pay_now.sweep, moments=later)()
    assert pay_now.see("A-2101").status is PaymentStatus.BILL_LATER
    attempt_id = pay_now.see("A-2101").attempt_id
    assert report(pay_now, attempt_id, "carriers/33602", CARRIER_SECRETS["33602"]) == 204
    until(lambda: pay_now.see("A-2101").status is PaymentStatus.SUCCESSFUL, 10)


def test_a_callback_counts_only_from_the_carrier_whose_page_took_the_payment(
    pay_now: PaymentHarness, browser: Browser
) -> None:
    pay_now.open("A-2104")
    keep_subscriber(pay_now, "A-2104")
    hand_over(pay_now, browser, "A-2104")
    attempt_id, texas, illinois = pay_now.see("A-2104").attempt_id, CARRIER_SECRETS["33602"], CARRIER_SECRETS["36096"]
    assert report(pay_now, attempt_id, "carriers/33602", illinois) == 401, "signed by another carrier"
    assert report(pay_now, attempt_id, "carriers/36096", illinois, "msg_same") == 403, "another carrier's own"
    assert report(pay_now, attempt_id, "processor") == 403
    assert report(pay_now, attempt_id, "carriers/99999", texas) == 401
    assert pay_now.see("A-2104").status is PaymentStatus.PENDING
    nobodys = "0" * 32
    assert report(pay_now, nobodys, "carriers/36096", illinois, "msg_same") == 204
    assert report(pay_now, attempt_id, "carriers/33602", texas, "msg_same") == 204, "ids of senders are apart"
    until(lambda: pay_now.see("A-2104").status is PaymentStatus.SUCCESSFUL, 10)


def test_the_state_decides_who_takes_the_payment(pay_now: PaymentHarness, browser: Browser) -> None:
    pay_now.open("A-2102", replace(TEXAS, state="IL"))
    browser.go(pay_now.link("A-2102"))
    assert "Continue to Example Pay to pay" in browser.post("/pay", WHO).text


def test_without_the_subscriber_the_payer_is_asked_to_open_the_page_again(
    pay_now: PaymentHarness, browser: Browser
) -> None:
    assert hand_over(pay_now, browser, "A-2103").status_code == 410
