"""The adapter to the processor: what it makes of answers and of silence."""

from __future__ import annotations

import json

import httpx
import pytest

from chassis.kernel import InvalidInput, Money, Unavailable
from services.payment.domain.attempt import AccountType, CardBrand
from services.payment.remote.sandbox_processor import SandboxProcessor
from services.payment.usecases.ports import BankDetails, CardDetails, ChargeReport, ChargeStatus

CARD = CardDetails("4242424242424242", (2030, 12), "123", CardBrand.VISA)
BANK = BankDetails("110000000", "000123456789", AccountType.SAVINGS, "Ada Sample")


def answering(status: int, body: object) -> SandboxProcessor:
    return SandboxProcessor("http://processor", httpx.MockTransport(lambda _: httpx.Response(status, json=body)))


def silent(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError(f"no route for {request.content!r}")


def test_a_token_replaces_the_number() -> None:
    method = answering(201, {"token": "tok_1", "last_four": "4242"}).tokenize(CARD)

    assert (method.token, method.label) == ("tok_1", "Visa ending 4242")
    assert method.brand is CardBrand.VISA


def test_a_bank_account_keeps_its_type_and_the_name_on_it() -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(201, json={"token": "tok_1", "last_four": "6789"})

    method = SandboxProcessor("http://processor", httpx.MockTransport(answer)).tokenize(BANK)
    assert (method.label, method.holder) == ("savings account ending 6789", "Ada Sample")
    sent = json.loads(asked[0].content)
    assert (sent["account_type"], sent["holder"]) == ("savings", "Ada Sample")


@pytest.mark.parametrize(("details", "field"), [(CARD, "card_number"), (BANK, "account_number")])
def test_a_number_that_the_processor_refuses_is_an_error_at_its_field(
    details: CardDetails | BankDetails, field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        answering(422, {}).tokenize(details)
    assert refused.value.problems[0].field == field


def test_a_processor_timeout_is_unavailable_and_quotes_no_request() -> None:
    processor = SandboxProcessor("http://processor", httpx.MockTransport(silent))
    with pytest.raises(Unavailable) as refused:
        processor.tokenize(CARD)

    assert "4242" not in str(refused.value)
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__


@pytest.mark.parametrize("status", [400, 500, 503])
def test_an_unexpected_processor_response_is_unavailable(status: int) -> None:
    with pytest.raises(Unavailable):
        answering(status, {}).get_charge("attempt-1")


def test_a_charge_that_the_processor_does_not_know_is_reported_as_unknown() -> None:
    assert answering(404, {}).get_charge("attempt-1") == ChargeReport("attempt-1", ChargeStatus.UNKNOWN)
    amount = {"amount_cents": 12_345, "currency": "USD", "reference": "ch_1"}
    declined = {"id": "attempt-1", "status": "declined", "reason": "card_declined", **amount}
    assert answering(200, declined).get_charge("attempt-1") == ChargeReport(
        "attempt-1", ChargeStatus.DECLINED, "card_declined", Money(12_345), "USD", "ch_1"
    )
