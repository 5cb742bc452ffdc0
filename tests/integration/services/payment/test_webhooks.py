"""Signed webhooks against the real page, and what heals a lost one."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from chassis.db import Database
from chassis.kernel import Money
from services.payment.domain.payment import MISMATCH_REASON, PaymentStatus
from services.payment.remote.signature import signed_headers
from services.payment.store.tables import WebhookRow
from tests.integration.chassis.waiting import until
from tests.integration.services.payment.harness import CARD, Browser, PaymentHarness

REPLAYS = 1_000
# One for all: a client of its own for each callback costs more than the callback.
HTTP = httpx.Client(trust_env=False, timeout=30)


@pytest.fixture(scope="module", autouse=True)
def close_client() -> Iterator[None]:
    yield
    HTTP.close()


# What `harness.open` asks for.
BALANCE = Money.of("2091.40").cents


def send_payment(payments: PaymentHarness, browser: Browser, record_number: str) -> str:
    """Submit a payment whose own callback is lost, and give the attempt's id."""
    payments.open(record_number)
    browser.go(payments.link(record_number))
    browser.post("/pay", CARD)
    browser.post("/pay/submit", {"agree": "yes"})
    assert payments.see(record_number).status is PaymentStatus.PENDING
    return payments.see(record_number).attempt_id


def call_back(payments: PaymentHarness, message_id: str, body: bytes, at: int = 0, secret: bytes = b"") -> int:
    headers = signed_headers(secret or payments.secret, message_id, at or int(time.time()), body)
    url = f"{payments.page_url}/callbacks/sandbox"
    return HTTP.post(url, content=body, headers=headers).status_code


def told(attempt_id: str, status: str, reason: str = "", cents: int = BALANCE, currency: str = "USD") -> bytes:
    amount = {"amount_cents": cents, "currency": currency, "reference": "ch_1"}
    data = {"id": attempt_id, "status": status, "reason": reason, **amount}
    return json.dumps({"type": "charge", "data": data}).encode()


def test_many_replays_of_one_webhook_make_one_payment(unnotified: PaymentHarness, browser: Browser) -> None:
    body = told(send_payment(unnotified, browser, "A-0101"), "approved")
    with ThreadPoolExecutor(8) as pool:
        statuses = set(pool.map(lambda _: call_back(unnotified, "msg_replay", body), range(REPLAYS)))

    assert statuses == {204}
    until(lambda: unnotified.see("A-0101").status is PaymentStatus.SUCCESSFUL, 10)
    assert len(unnotified.sent_events("A-0101")) == 1


def test_a_decline_after_the_approval_changes_nothing(unnotified: PaymentHarness, browser: Browser) -> None:
    attempt = send_payment(unnotified, browser, "A-0102")
    call_back(unnotified, "msg_102a", told(attempt, "approved"))
    until(lambda: unnotified.see("A-0102").status is PaymentStatus.SUCCESSFUL, 10)
    call_back(unnotified, "msg_102b", told(attempt, "declined", "card_declined"))
    until(lambda: processed(unnotified, "msg_102b"), 10)

    assert unnotified.see("A-0102").status is PaymentStatus.SUCCESSFUL


def test_an_approval_after_a_decline_is_believed(unnotified: PaymentHarness, browser: Browser) -> None:
    attempt = send_payment(unnotified, browser, "A-0103")
    call_back(unnotified, "msg_103a", told(attempt, "declined", "card_declined"))
    until(lambda: unnotified.see("A-0103").status is PaymentStatus.FAILED, 10)
    call_back(unnotified, "msg_103b", told(attempt, "approved"))

    until(lambda: unnotified.see("A-0103").status is PaymentStatus.SUCCESSFUL, 10)


@pytest.mark.parametrize(
    ("record_number", "cents", "currency"), [("A-0106", BALANCE + 1, "USD"), ("A-0107", BALANCE, "CAD")]
)
def test_a_charge_of_another_amount_is_kept_and_never_successful(
    unnotified: PaymentHarness, browser: Browser, record_number: str, cents: int, currency: str
) -> None:
    attempt = send_payment(unnotified, browser, record_number)
    call_back(unnotified, f"msg_{record_number}", told(attempt, "approved", "", cents, currency))
    until(lambda: processed(unnotified, f"msg_{record_number}"), 10)

    held = unnotified.see(record_number)
    assert (held.status, held.failure_reason) == (PaymentStatus.PENDING, MISMATCH_REASON)
    assert unnotified.sent_events(record_number) == []
    assert unnotified.sweep().mismatched >= 1
    with unnotified.transactions() as work:
        kept = work.session.get(WebhookRow, f"msg_{record_number}")
        assert kept and (kept.amount_cents, kept.currency, kept.reference) == (cents, currency, "ch_1")


def test_the_right_amount_after_another_one_makes_the_payment_successful(
    unnotified: PaymentHarness, browser: Browser
) -> None:
    attempt = send_payment(unnotified, browser, "A-0108")
    call_back(unnotified, "msg_108a", told(attempt, "approved", cents=1))
    call_back(unnotified, "msg_108b", told(attempt, "approved"))
    until(lambda: unnotified.see("A-0108").status is PaymentStatus.SUCCESSFUL, 10)

    assert unnotified.see("A-0108").failure_reason == ""


@pytest.mark.parametrize("skew", [-301, 301])
def test_a_webhook_signed_outside_the_time_tolerance_is_refused(unnotified: PaymentHarness, skew: int) -> None:
    # two seconds more than the tolerance, in case the second turns between signing and reading
    at = int(time.time()) + skew + (2 if skew > 0 else -2)

    assert call_back(unnotified, "msg_skew", told("x", "approved"), at) == 401


def test_a_webhook_signed_with_another_key_is_refused_and_not_stored(unnotified: PaymentHarness) -> None:
    assert call_back(unnotified, "msg_forged", told("x", "approved"), secret=b"f" * 32) == 401
    with unnotified.transactions() as work:
        assert work.session.get(WebhookRow, "msg_forged") is None


@pytest.mark.parametrize("amount", [{}, {"amount_cents": "1", "currency": "USD", "reference": ""}])
def test_a_signed_webhook_without_a_whole_amount_is_refused(unnotified: PaymentHarness, amount: dict[str, str]) -> None:
    body = json.dumps({"data": {"id": "x", "status": "approved", **amount}}).encode()
    assert call_back(unnotified, "msg_amount", body) == 422


@pytest.mark.parametrize("body", [b"", b"[]", b'{"data": {"id": "x", "status": "odd"}}', b'{"data": 1}'])
def test_a_signed_webhook_without_a_charge_is_refused(unnotified: PaymentHarness, body: bytes) -> None:
    assert call_back(unnotified, "msg_odd", body) == 422


def test_the_sweep_heals_a_payment_whose_webhook_was_lost(unnotified: PaymentHarness, browser: Browser) -> None:
    send_payment(unnotified, browser, "A-0104")
    sweep = unnotified.sweep
    unnotified.moments.advance(timedelta(seconds=31))
    until(lambda: sweep().looked_at >= 0 and unnotified.see("A-0104").status is PaymentStatus.SUCCESSFUL, 10)

    assert len(unnotified.sent_events("A-0104")) == 1


def test_sweep_and_webhook_at_once_make_one_payment(unnotified: PaymentHarness, browser: Browser) -> None:
    attempt = send_payment(unnotified, browser, "A-0105")
    unnotified.moments.advance(timedelta(seconds=31))
    with ThreadPoolExecutor(4) as pool:
        jobs: list[Future[Any]] = [pool.submit(unnotified.sweep) for _ in range(2)]
        jobs += [pool.submit(call_back, unnotified, f"msg_105{n}", told(attempt, "approved")) for n in range(4)]
        for job in jobs:
            job.result()
    until(lambda: unnotified.see("A-0105").status is PaymentStatus.SUCCESSFUL, 10)

    assert len(unnotified.sent_events("A-0105")) == 1


def test_a_repeated_webhook_is_stored_once(unnotified: PaymentHarness, payment_database: Database) -> None:
    for _ in range(3):
        call_back(unnotified, "msg_once", told("nobodys", "approved"))

    with payment_database.transaction() as session:
        rows = session.execute(select(func.count()).select_from(WebhookRow).where(WebhookRow.id == "msg_once"))
        assert rows.scalar_one() == 1


def processed(payments: PaymentHarness, webhook_id: str) -> bool:
    with payments.transactions() as work:
        row = work.session.get(WebhookRow, webhook_id)
    return row is not None and row.processed_at is not None
