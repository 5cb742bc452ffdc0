"""The hosted payment page, driven over HTTP like a browser, with the sandbox processor behind it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import httpx
import pytest
from sqlalchemy import func, select

from chassis.kernel import Money
from services.payment.domain.payment import MonthDue, PaymentStatus
from services.payment.store.page_sessions import FormDraftCipher
from services.payment.store.tables import INFRASTRUCTURE, AutopayMandateRow, PageSessionRow, WebhookRow
from services.payment.usecases.ports import FormDraft
from services.payment.usecases.report_overdue_payments import ReportOverduePayments
from tests.integration.chassis.waiting import until
from tests.integration.services.payment.harness import BANK, CARD, PORTAL, TEXAS, Browser, PaymentHarness

SUCCEEDED = "payment.payment.succeeded.v1"
FAILED = "payment.payment.failed.v1"
BILL_LATER = "payment.payment.bill_later.v1"


def pay(payments: PaymentHarness, browser: Browser, record_number: str, fields: dict[str, str]) -> httpx.Response:
    payments.open(record_number)
    browser.go(payments.link(record_number))
    browser.post("/pay", fields)
    return browser.post("/pay/submit", {"agree": "yes"})


def types(payments: PaymentHarness, record_number: str) -> list[str]:
    return [event_type for event_type, _ in payments.sent_events(record_number)]


def test_a_card_payment_goes_from_link_to_succeeded_event(payments: PaymentHarness, browser: Browser) -> None:
    payments.open("A-0001")

    first = browser.go(payments.link("A-0001"))
    assert first.status_code == 200
    for shown in ("Make a Payment", "$2,091.40", "11/23/2026", "Blue Cross and Blue Shield of Texas", "Sandbox:"):
        assert shown in browser.text
    review = browser.post("/pay", CARD)
    assert "Visa ending 4242" in review.text
    back = browser.post("/pay/submit", {"agree": "yes"})

    assert (back.status_code, back.headers["location"]) == (303, f"{PORTAL}/applications/A-0001")
    payment = payments.see("A-0001")
    assert payment.status is PaymentStatus.SUCCESSFUL
    assert payment.confirmation_number in review.text
    assert payments.sent_events("A-0001") == [
        (
            SUCCEEDED,
            {
                "recordNumber": "A-0001",
                "amount": {"cents": "209140"},
                "confirmationNumber": payment.confirmation_number,
                "writingNumber": "107864325",
            },
        )
    ]


def test_events_of_the_page_and_its_callbacks_carry_a_trace(payments: PaymentHarness, browser: Browser) -> None:
    pay(payments, browser, "A-0004", CARD)
    payments.open("A-0005")
    browser.go(payments.link("A-0005"))
    browser.post("/pay/cancel", {})
    outbox = INFRASTRUCTURE.outbox
    query = select(outbox.c.headers).where(outbox.c.subject.in_(("A-0004", "A-0005")))
    with payments.transactions() as work:
        traces = [headers.get("traceparent", "") for headers in work.session.execute(query).scalars()]
    assert len(set(traces)) == 2
    assert all(re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-01", trace) for trace in traces)


def test_an_overdue_payment_says_so_and_can_be_made(payments: PaymentHarness, browser: Browser) -> None:
    payments.open("A-0003", replace(TEXAS, due_on=date(2026, 11, 20)))
    ReportOverduePayments(payments.transactions, payments.clock)()
    browser.go(payments.link("A-0003"))
    assert "This payment was due 11/20/2026 and is overdue. You can still pay." in browser.text
    assert "Visa ending 4242" in browser.post("/pay", CARD).text


def test_the_page_names_each_month_that_is_paid(payments: PaymentHarness, browser: Browser) -> None:
    months = (MonthDue(date(2026, 12, 1), Money(173_216)), MonthDue(date(2027, 1, 1), Money(183_608)))
    payments.open("A-0002", replace(TEXAS, amount=Money(356_824), months=months))

    browser.go(payments.link("A-0002"))
    for shown in ("Premium for December 2026", "$1,732.16", "Premium for January 2027", "$1,836.08", "$3,568.24"):
        assert shown in browser.text
    assert "covers 2 months: December 2026 to January 2027" in " ".join(browser.text.split())
    assert "Premium for January 2027" in browser.post("/pay", CARD).text


@pytest.mark.parametrize(
    ("record_number", "fields", "words"),
    [
        ("A-0011", CARD | {"card_number": "4000 0000 0000 0002"}, "declined"),
        ("A-0012", CARD | {"card_number": "4000 0000 0000 9995"}, "insufficient funds"),
        ("A-0013", BANK | {"account_number": "000111111113"}, "bank declined"),
    ],
)
def test_a_refused_payment_fails_and_can_be_tried_again(
    payments: PaymentHarness, browser: Browser, record_number: str, fields: dict[str, str], words: str
) -> None:
    pay(payments, browser, record_number, fields)
    assert payments.see(record_number).status is PaymentStatus.FAILED
    assert words in payments.see(record_number).failure_reason

    browser.go(payments.link(record_number))
    assert words in browser.text
    browser.post("/pay", BANK)
    browser.post("/pay/submit", {"agree": "yes"})
    assert types(payments, record_number) == [FAILED, SUCCEEDED]


def test_a_late_answer_leaves_the_payment_pending_until_it_comes(payments: PaymentHarness, browser: Browser) -> None:
    back = pay(payments, browser, "A-0014", CARD | {"card_number": "4000 0000 0000 0259"})

    assert back.status_code == 303
    assert payments.see("A-0014").status is PaymentStatus.PENDING
    assert "being processed" in browser.go(f"{payments.page_url}/pay").text
    until(lambda: payments.see("A-0014").status is PaymentStatus.SUCCESSFUL, 15)


@pytest.mark.parametrize(
    ("record_number", "card"), [("A-0031", "4000 0000 0000 0119"), ("A-0032", "4000 0000 0000 0325")]
)
def test_a_processor_that_does_not_answer_or_says_it_twice_takes_one_payment(
    payments: PaymentHarness, browser: Browser, record_number: str, card: str
) -> None:
    back = pay(payments, browser, record_number, CARD | {"card_number": card})

    assert back.status_code == 303
    until(lambda: payments.see(record_number).status is PaymentStatus.SUCCESSFUL, 15)
    until(lambda: count_callbacks(payments, record_number) == (2 if card.endswith("0325") else 1), 15)
    assert types(payments, record_number) == [SUCCEEDED]


def count_callbacks(payments: PaymentHarness, record_number: str) -> int:
    """Those that were stored and worked off."""
    mine = WebhookRow.attempt_id == payments.see(record_number).attempt_id
    query = select(func.count()).select_from(WebhookRow).where(mine, WebhookRow.processed_at.is_not(None))
    with payments.transactions() as work:
        return work.session.execute(query).scalar_one()


def test_a_card_pays_now_and_a_bank_account_later(payments: PaymentHarness, browser: Browser) -> None:
    payments.open("A-0015")
    browser.go(payments.link("A-0015"))
    review = browser.post("/pay", BANK | CARD | {"autopay": "yes"})
    assert "Checking account ending 6789" in review.text and "<dd>Ada Sample</dd>" in review.text
    assert "later monthly premiums by autopay" in review.text
    browser.post("/pay/submit", {"agree": "yes"})

    with payments.transactions() as work:
        mandate = work.session.get(AutopayMandateRow, "A-0015")
    assert mandate is not None
    assert mandate.last_four == "6789"


def test_cancelling_leads_back_and_a_bill_comes_later(payments: PaymentHarness, browser: Browser) -> None:
    payments.open("A-0016")
    browser.go(payments.link("A-0016"))
    back = browser.post("/pay/cancel", {})

    assert (back.status_code, back.headers["location"]) == (303, f"{PORTAL}/applications/A-0016")
    assert types(payments, "A-0016") == [BILL_LATER]
    assert browser.go(f"{payments.page_url}/pay").status_code == 404  # the cookie is gone


def test_mistakes_are_shown_beside_their_fields_and_no_number_comes_back(
    payments: PaymentHarness, browser: Browser
) -> None:
    payments.open("A-0017")
    browser.go(payments.link("A-0017"))
    wrong = browser.post("/pay", CARD | {"card_number": "4242 4242 4242 4241"})

    assert wrong.request.method == "GET"  # so that a reload or Back asks for it again
    assert 'href="#card_number"' in wrong.text and '<option value="family" selected>' in wrong.text
    assert "4241" not in wrong.text


def test_what_was_chosen_waits_for_the_payers_own_browser_alone(payments: PaymentHarness, browser: Browser) -> None:
    payments.open("A-0026")
    browser.go(payments.link("A-0026"))
    mistyped = {"account_number": "12", "account_holder": "Ada Sample"}
    shown = browser.post("/pay", BANK | mistyped)
    assert 'value="Ada Sample"' in shown.text and 'href="#account_number"' in shown.text
    with payments.transactions() as work:
        query = select(PageSessionRow.form_draft).where(PageSessionRow.record_number == "A-0026")
        [kept] = work.session.execute(query).scalars()
    assert b"Ada" not in kept and b"family" not in kept
    draft = FormDraftCipher().open(kept, browser.http.cookies["pay"])
    assert draft.choices["payer"] == "family" and not {"account_number", "routing_number"} & set(draft.choices)
    assert FormDraftCipher().open(kept, "another secret") == FormDraft()

    browser.go(payments.link("A-0026"))
    assert "Ada Sample" not in browser.text and '<option value="family" selected>' not in browser.text


def test_changed_details_begin_with_what_was_chosen_and_without_the_mistakes(
    payments: PaymentHarness, browser: Browser
) -> None:
    payments.open("A-0027")
    browser.go(payments.link("A-0027"))
    browser.post("/pay", BANK | {"account_number": "12"})
    assert "6789" in browser.post("/pay", BANK).text
    again = browser.go(f"{payments.page_url}/pay").text
    assert 'value="Ada Sample"' in again and '<option value="family" selected>' in again
    assert 'role="alert"' not in again and "6789" not in again


def test_submitting_without_agreement_charges_nothing(payments: PaymentHarness, browser: Browser) -> None:
    payments.open("A-0018")
    browser.go(payments.link("A-0018"))
    browser.post("/pay", CARD)

    refused = browser.post("/pay/submit", {})
    assert refused.request.method == "GET" and 'href="#agree"' in refused.text
    assert payments.see("A-0018").status is PaymentStatus.NOT_STARTED


def test_a_link_opens_once_and_then_is_gone(payments: PaymentHarness, browser: Browser) -> None:
    payments.open("A-0019")
    link = payments.link("A-0019")

    assert browser.http.head(link).status_code == 405  # a probe does not use it up
    assert browser.http.get(link, headers={"Sec-Purpose": "prefetch"}).status_code == 405
    assert browser.go(link).status_code == 200
    again = browser.go(link)
    assert again.status_code == 410
    assert "already used or has expired" in again.text
    assert browser.go(link + "0").status_code == 404


def test_a_form_needs_the_token_of_its_own_session(payments: PaymentHarness, browser: Browser) -> None:
    payments.open("A-0020")
    browser.go(payments.link("A-0020"))
    others = browser.csrf_token
    browser.go(payments.link("A-0020"))

    for path in ("/pay", "/pay/submit", "/pay/cancel"):
        for token in ("", others):
            assert browser.post(path, CARD | {"agree": "yes"}, token).status_code == 403
    foreign = browser.http.post(
        f"{payments.page_url}/pay/cancel",
        data={"csrf_token": browser.csrf_token},
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert foreign.status_code == 403
    assert payments.see("A-0020").status is PaymentStatus.NOT_STARTED


def test_the_session_ends_after_twenty_minutes(payments: PaymentHarness, browser: Browser) -> None:
    payments.open("A-0021")
    browser.go(payments.link("A-0021"))
    moments = payments.moments
    start = moments.now()
    moments.set(start + timedelta(minutes=20))
    try:
        assert browser.go(f"{payments.page_url}/pay").status_code == 410
    finally:
        moments.set(start)


def test_the_balance_may_change_between_review_and_submit(payments: PaymentHarness, browser: Browser) -> None:
    payments.open("A-0022")
    browser.go(payments.link("A-0022"))
    browser.post("/pay", CARD)
    payments.open("A-0022", replace(TEXAS, amount=TEXAS.amount * 2))

    refused = browser.post("/pay/submit", {"agree": "yes"})
    assert refused.status_code == 409
    assert "balance has changed" in refused.text


@pytest.mark.parametrize("path", ["/pay", "/terms", "/language-assistance", "/nowhere", "/pay/forged.token"])
def test_every_page_carries_the_safety_headers(payments: PaymentHarness, browser: Browser, path: str) -> None:
    payments.open("A-0023")
    browser.go(payments.link("A-0023"))
    headers = browser.http.get(payments.page_url + path).headers

    assert "unsafe-inline" not in headers["content-security-policy"]
    assert f"form-action 'self' {PORTAL}" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "same-origin"


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(
    payments: PaymentHarness, browser: Browser
) -> None:
    payments.open("A-0024")
    cookie = browser.http.get(payments.link("A-0024")).headers["set-cookie"].lower()

    assert "httponly" in cookie
    assert "samesite=lax" in cookie


def test_an_endless_form_is_cut_off(payments: PaymentHarness, browser: Browser) -> None:
    payments.open("A-0025")
    browser.go(payments.link("A-0025"))

    assert browser.post("/pay", {"card_number": "4" * 70_000}).status_code == 413
