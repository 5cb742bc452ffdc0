"""Signed forms for a processor's hosted payment page, as a processor judges them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from chassis.kernel import FixedClock, Money
from services.payment.domain.attempt import Attempt, MethodKind, PaymentMethod
from services.payment.domain.payment import Payment, PaymentTerms
from services.payment.remote.hosted_page import FORM_LIFE, HostedPage, sign_fields
from tests.unit.services.payment.processor_stand_in import FormRefused, ProcessorStandIn

NOW = datetime(2026, 11, 23, 18, tzinfo=UTC)
KEY = b"k" * 32
PAGE = HostedPage("Example Pay", "https://pay.example/start", KEY, FixedClock(NOW))
PAYMENT = Payment.open("A-0638", PaymentTerms("TX", "107864325", Money.of("2091.40"), pay_now=True), NOW)
METHOD = PaymentMethod(MethodKind.PROCESSOR_PAGE)
ATTEMPT = Attempt("attempt-1", "A-0638", Money.of("2091.40"), METHOD, "23456789AB", NOW)
RETURN = "https://portal.example/applications/A-0638?from=pay page&x=1"


def make_fields() -> dict[str, str]:
    return dict(PAGE.make_form(PAYMENT, ATTEMPT, RETURN).fields)


def refusal(fields: dict[str, str], after: timedelta = timedelta(), processor: ProcessorStandIn | None = None) -> str:
    with pytest.raises(FormRefused) as refused:
        (processor or ProcessorStandIn(KEY)).accept(fields, NOW + after)
    return str(refused.value)


def test_a_good_form_is_accepted_and_says_what_is_to_be_paid() -> None:
    fields = make_fields()
    assert ProcessorStandIn(KEY).accept(fields, NOW) == "attempt-1"
    assert {
        name: fields[name] for name in ("amount", "currency", "return_url", "confirmation_number", "expires_at")
    } == {
        "amount": "2091.40",
        "currency": "USD",
        "return_url": RETURN,
        "confirmation_number": "23456789AB",
        "expires_at": "2026-11-23T18:10:00Z",
    }


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("amount", "1.40"),
        ("currency", "CAD"),
        ("reference", "attempt-2"),
        ("return_url", "https://elsewhere.example"),
        ("expires_at", "2036-11-23T18:10:00Z"),
        ("one_time_id", "another"),
    ],
)
def test_a_form_in_which_the_payer_changed_anything_is_refused(name: str, value: str) -> None:
    assert refusal(make_fields() | {name: value}) == "signature"


def test_a_field_more_or_less_is_refused() -> None:
    assert refusal(make_fields() | {"discount": "2000"}) == "signature"
    fewer = make_fields()
    del fewer["expires_at"]
    assert refusal(fewer) == "signature"


def test_values_cannot_move_from_one_field_into_the_next() -> None:
    assert sign_fields(KEY, {"a": "1&b=2"}) != sign_fields(KEY, {"a": "1", "b": "2"})


def test_a_form_is_good_for_ten_minutes() -> None:
    ProcessorStandIn(KEY).accept(make_fields(), NOW + FORM_LIFE - timedelta(seconds=1))
    assert refusal(make_fields(), FORM_LIFE) == "expired"


def test_a_form_in_another_currency_is_refused_even_when_it_is_signed() -> None:
    fields = make_fields() | {"currency": "CAD"}
    del fields["signature"]
    assert refusal(fields | {"signature": sign_fields(KEY, fields)}) == "currency"


def test_a_form_is_good_once_and_the_next_one_has_the_same_reference() -> None:
    processor, first, second = ProcessorStandIn(KEY), make_fields(), make_fields()
    assert processor.accept(first, NOW) == "attempt-1"
    assert refusal(first, processor=processor) == "used"
    assert processor.accept(second, NOW) == "attempt-1"


def test_a_form_under_another_key_is_refused() -> None:
    with pytest.raises(FormRefused, match="signature"):
        ProcessorStandIn(b"o" * 32).accept(make_fields(), NOW)


def test_neither_key_nor_fields_are_shown_by_a_repr() -> None:
    assert KEY.decode() not in repr(PAGE)
    assert "2091.40" not in repr(PAGE.make_form(PAYMENT, ATTEMPT, RETURN))
