"""The sandbox processor: its well-known numbers, its idempotence, its webhooks."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable

import httpx
import pytest

from services.payment.remote.signature import verify_signature
from services.payment.sandbox import webhooks
from services.payment.sandbox.app import build_app
from services.payment.sandbox.bank import Charge, outcome_of, token_for
from services.payment.sandbox.webhooks import TRY_AFTER_SECONDS, WebhookSender

SECRET = b"s" * 32


@pytest.mark.parametrize(
    ("kind", "number", "status", "reason"),
    [
        ("card", "4242424242424242", "approved", ""),
        ("card", "4000000000000002", "declined", "card_declined"),
        ("card", "4000000000009995", "declined", "insufficient_funds"),
        ("card", "4000000000000259", "approved", ""),
        ("card", "4000000000000101", "approved", ""),
        ("card", "4000000000000119", "approved", ""),
        ("card", "4000000000000325", "approved", ""),
        ("bank", "000123456789", "approved", ""),
        ("bank", "000111111113", "declined", "account_declined"),
    ],
)
def test_a_sandbox_number_gives_its_documented_outcome(kind: str, number: str, status: str, reason: str) -> None:
    token = token_for(kind, number)
    outcome = outcome_of(token)

    assert outcome is not None
    assert (outcome.status, outcome.reason) == (status, reason)
    assert number not in token


def test_the_number_of_a_mismatch_takes_a_dollar_more_than_was_asked() -> None:
    outcome = outcome_of(token_for("card", "4000000000000101"))
    assert outcome is not None
    assert Charge("attempt-1", "tok", 100, "USD").ended(outcome).to_json()["amount_cents"] == 200


def test_a_made_up_token_is_refused() -> None:
    assert outcome_of("tok_free_1") is None
    assert outcome_of("approve_1") is None


def test_a_charge_is_taken_once_and_calls_back_signed() -> None:
    received: list[httpx.Request] = []

    async def scenario() -> list[httpx.Response]:
        sender = WebhookSender(SECRET, "http://page/callbacks/sandbox", httpx.MockTransport(_take(received, 204)))
        transport = httpx.ASGITransport(build_app(sender))
        async with httpx.AsyncClient(transport=transport, base_url="http://sandbox") as http:
            card = {"kind": "card", "number": "4242424242424242"}
            token = (await http.post("/v1/tokens", json=card)).json()["token"]
            charge = {"id": "attempt-1", "token": token, "amount_cents": 100, "currency": "USD"}
            answers = [await http.post("/v1/charges", json=charge) for _ in range(3)]
            for other in ({"amount_cents": 200}, {"currency": "CAD"}):
                answers.append(await http.post("/v1/charges", json=charge | other))
            answers.append(await http.get("/v1/charges/unknown"))
            while not received:
                await asyncio.sleep(0.01)
            answers.append(await http.get("/v1/charges/attempt-1"))
        return answers

    answers = asyncio.run(scenario())
    assert [answer.status_code for answer in answers] == [202, 202, 202, 409, 409, 404, 200]
    assert answers[-1].json()["status"] == "approved"
    assert (answers[-1].json()["amount_cents"], answers[-1].json()["currency"]) == (100, "USD")
    (webhook,) = received
    assert verify_signature([SECRET], webhook.headers, webhook.content, time.time()).startswith("msg_")
    assert json.loads(webhook.content)["data"]["id"] == "attempt-1"


def test_an_unacknowledged_webhook_is_tried_a_few_times_under_one_id(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhooks, "TRY_AFTER_SECONDS", (0,) * len(TRY_AFTER_SECONDS))
    received: list[httpx.Request] = []
    sender = WebhookSender(SECRET, "http://page/", httpx.MockTransport(_take(received, 500)))

    assert asyncio.run(sender.send(Charge("attempt-1", "tok", 100, "USD", "approved"))) is False
    assert len(received) == len(TRY_AFTER_SECONDS)
    assert len({request.headers["webhook-id"] for request in received}) == 1


def _take(received: list[httpx.Request], status: int) -> Callable[[httpx.Request], httpx.Response]:
    def acknowledge(request: httpx.Request) -> httpx.Response:
        received.append(request)
        return httpx.Response(status)

    return acknowledge
