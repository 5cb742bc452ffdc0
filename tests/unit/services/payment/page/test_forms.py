"""What a payer may type."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from stdnum.us import rtn

from chassis.kernel import InvalidInput
from services.payment.domain.attempt import AccountType, CardBrand, Payer
from services.payment.page.forms import has_agreed, keep_choices, read_payment_entry
from services.payment.usecases.ports import BankDetails, CardDetails

TODAY = date(2026, 11, 23)
CARD = {
    "method": "card",
    "card_number": "4242-4242 4242 4242",
    "card_expires": "11/26",
    "card_security_code": "123",
    "payer": "family",
    "accept_terms": "yes",
}
BANK = {
    "method": "bank",
    "account_type": "checking",
    "account_holder": "Ada Sample",
    "routing_number": "110000000",
    "account_number": "000123456789",
    "payer": "family",
    "accept_terms": "yes",
}
ACCOUNT = BankDetails("110000000", "000123456789", AccountType.CHECKING, "Ada Sample")


def problems(fields: dict[str, str]) -> list[str]:
    with pytest.raises(InvalidInput) as refused:
        read_payment_entry(fields, TODAY)
    return [problem.field for problem in refused.value.problems]


def test_a_card_is_good_through_its_last_month() -> None:
    entry = read_payment_entry(CARD, TODAY)

    assert entry.method == CardDetails("4242424242424242", (2026, 11), "123", CardBrand.VISA)
    assert entry.payer is Payer.FAMILY
    assert entry.autopay is None


@pytest.mark.parametrize("expires", ["10/26", "13/27", "1127", "00/30", "11/2050", ""])
def test_a_card_that_has_expired_or_never_will_is_refused(expires: str) -> None:
    assert problems(CARD | {"card_expires": expires}) == ["card_expires"]


@pytest.mark.parametrize("number", ["4242424242424241", "424242424242", "4242" * 5, "", "abcd424242424242"])
def test_a_mistyped_card_number_is_refused(number: str) -> None:
    assert problems(CARD | {"card_number": number}) == ["card_number"]


@pytest.mark.parametrize("routing", ["110000001", "11000000", "", "\t110000000", "\uff11\uff11" + "\uff10" * 7])
def test_a_mistyped_routing_number_is_refused(routing: str) -> None:
    assert problems(BANK | {"routing_number": routing}) == ["routing_number"]


def routing_number(prefix: str) -> str:
    return next(f"{prefix}000000{digit}" for digit in range(10) if rtn.is_valid(f"{prefix}000000{digit}"))


# ABA: 01-12 Federal Reserve districts, 21-32 thrifts, 61-72 electronic, 80 traveler's checks.
ASSIGNED = {*range(1, 13), *range(21, 33), *range(61, 73), 80}


@pytest.mark.parametrize("prefix", range(100))
def test_a_routing_number_is_taken_only_with_a_prefix_that_is_given_to_banks(prefix: int) -> None:
    routing = routing_number(f"{prefix:02d}")
    if prefix in ASSIGNED:
        entry = read_payment_entry(BANK | {"routing_number": routing}, TODAY)
        assert entry.method == replace(ACCOUNT, routing_number=routing)
    else:
        assert problems(BANK | {"routing_number": routing}) == ["routing_number"]


def test_nine_zeros_are_no_routing_number() -> None:
    assert rtn.is_valid("0" * 9)  # the check digit alone lets them pass
    assert problems(BANK | {"routing_number": "0" * 9}) == ["routing_number"]


@pytest.mark.parametrize("account", ["123", "1" * 18, "12a45678"])
def test_a_mistyped_account_number_is_refused(account: str) -> None:
    assert problems(BANK | {"account_number": account}) == ["account_number"]


def test_a_bank_account_that_pays_may_be_used_for_autopay() -> None:
    entry = read_payment_entry(BANK | {"autopay": "yes"}, TODAY)

    assert entry.autopay == entry.method == ACCOUNT


def test_autopay_beside_a_card_needs_bank_details() -> None:
    assert problems(CARD | {"autopay": "yes"}) == ["account_type", "account_holder", "routing_number", "account_number"]
    entry = read_payment_entry(BANK | CARD | {"autopay": "yes"}, TODAY)
    assert isinstance(entry.method, CardDetails)
    assert entry.autopay == ACCOUNT


def test_fields_of_the_payment_method_not_chosen_are_ignored() -> None:
    assert isinstance(read_payment_entry(CARD | BANK | {"card_number": "1"}, TODAY).method, BankDetails)


def test_method_and_terms_are_required() -> None:
    assert problems({}) == ["method", "payer", "accept_terms"]


@pytest.mark.parametrize(
    ("number", "code", "brand"),
    [
        ("4222222222222", "123", CardBrand.VISA),
        ("5555555555554444", "123", CardBrand.MASTERCARD),
        ("2223003122003222", "123", CardBrand.MASTERCARD),
        ("378282246310005", "1234", CardBrand.AMERICAN_EXPRESS),
        ("6011111111111117", "123", CardBrand.DISCOVER),
    ],
)
def test_the_brand_of_a_card_is_told_from_its_number(number: str, code: str, brand: CardBrand) -> None:
    entry = read_payment_entry(CARD | {"card_number": number, "card_security_code": code}, TODAY)
    assert isinstance(entry.method, CardDetails)
    assert entry.method.brand is brand


@pytest.mark.parametrize("number", ["30569309025904", "3566002020360505", "2721000000000004", "6304000000000000"])
def test_a_card_of_another_brand_is_refused_by_the_names_of_those_that_are_taken(number: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_payment_entry(CARD | {"card_number": number}, TODAY)
    told = {problem.field: problem.message for problem in refused.value.problems}
    assert told == {"card_number": "Use a Visa, Mastercard, American Express, or Discover card."}


@pytest.mark.parametrize(("number", "code"), [("4242424242424242", "1234"), ("378282246310005", "123")])
def test_a_security_code_is_as_long_as_its_brand_has_it(number: str, code: str) -> None:
    assert problems(CARD | {"card_number": number, "card_security_code": code}) == ["card_security_code"]


@pytest.mark.parametrize(
    "holder", ["Ada Sample", "O\u2019Neil-Nandu, Renée", "The Sample Family Trust (2019)", "A & B Co."]
)
def test_names_of_people_trusts_and_companies_are_taken(holder: str) -> None:
    entry = read_payment_entry(BANK | {"account_holder": f" {holder} "}, TODAY)
    assert isinstance(entry.method, BankDetails)
    assert entry.method.holder == holder


@pytest.mark.parametrize(
    "holder", ["", "   ", "12345", "<b>Ada</b>", "A" * 61, "Ada\u202eSample", "Ada\x00", "\u0410\u0434\u0430", "\u8a8c"]
)
def test_what_cannot_be_a_name_on_an_account_is_refused(holder: str) -> None:
    assert problems(BANK | {"account_holder": holder}) == ["account_holder"]


@pytest.mark.parametrize("payer", ["", "employer_group", "FAMILY"])
def test_a_payer_who_is_not_allowed_is_refused(payer: str) -> None:
    assert problems(BANK | {"payer": payer}) == ["payer"]


def test_no_typed_number_appears_in_an_error_or_a_repr() -> None:
    with pytest.raises(InvalidInput) as refused:
        read_payment_entry(CARD | {"card_number": "4242424242424241"}, TODAY)
    assert "4242" not in f"{refused.value!r} {refused.value.problems}"
    assert "4242" not in repr(read_payment_entry(CARD, TODAY))


def test_submitting_needs_the_payers_agreement() -> None:
    assert has_agreed({"agree": "yes"})
    assert not has_agreed({}) and not has_agreed({"agree": "no"})


def test_choices_are_kept_and_no_number_is_in_whichever_field_it_was_typed() -> None:
    assert keep_choices(BANK | {"csrf_token": "abc"}) == {
        "method": "bank",
        "account_type": "checking",
        "account_holder": "Ada Sample",
        "payer": "family",
        "accept_terms": "yes",
    }
    kept = keep_choices(
        {"account_holder": "Ada 000 1234", "payer": "4242424242424242", "autopay": "\u0664\u0665\u0666\u0667"}
    )
    assert kept == {}


@pytest.mark.parametrize(
    "holder",
    ["Sample Family Trust 2019", "Sample Trust dated 06/14/1987", "Sample Trust u/a 1/2/98", "2019 Sample 4321 LLC"],
)
def test_the_name_of_a_trust_is_kept_with_its_year_or_day(holder: str) -> None:
    assert keep_choices({"account_holder": holder}) == {"account_holder": holder}


@pytest.mark.parametrize(
    "holder",
    [
        "Ada 12345",
        "4242 4242 4242 4242",
        "Ada 4242.4242.4242.4242",
        "Ada 42/42/42/42/42/42/42/42",
        "Ada 06/14/19871",
        "123",
        "1 2 3 4",
        "\u0664\u0665\u0666\u0667",
        "Ada \u2460\u2461\u2462\u2463\u2464",
    ],
)
def test_a_name_that_may_have_a_number_of_a_card_or_an_account_is_not_kept(holder: str) -> None:
    assert keep_choices({"account_holder": holder}) == {}
