"""Page: reads what a payer typed. Numbers are checked for typing mistakes here and go on to the processor."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from stdnum import luhn
from stdnum.us import rtn

from chassis.kernel import InvalidInput, Problem
from services.payment.domain.attempt import AccountType, CardBrand, Payer
from services.payment.usecases.ports import BankDetails, CardDetails
from services.payment.usecases.review_payment import PaymentEntry

YES = "yes"
# What the form is filled in with when it is shown again.
_KEPT = ("method", "payer", "account_type", "account_holder", "autopay", "accept_terms")
# So many digits in a row may be a card or an account in the wrong field; four are the year of a trust ("Sample Family
# Trust 2019"), and an account with no more has none to be recognized by.
_DIGITS_OF_A_NUMBER = 5
# The day of a trust is a part of its name.
_DAY = re.compile(r"(?<![0-9/])[0-9]{1,2}/[0-9]{1,2}/(?:[0-9]{2}){1,2}(?![0-9/])")
_EXPIRES = re.compile(r"(0[1-9]|1[0-2])\s*/\s*(?:20)?([0-9]{2})")
_ACCOUNT_NUMBER = re.compile(r"[0-9]{4,17}")  # NACHA: up to 17 places
# ABA: 01-12 are banks by Federal Reserve district, 21-32 thrifts, 61-72 their electronic numbers, 80 traveler's checks;
# nothing else is assigned. 00 is: to the US government, where nobody has an account to pay from. It is left out because
# zeros typed to get on, such as 000000000, have a right check digit.
_ROUTING_NUMBER = re.compile(r"(?:0[1-9]|1[0-2]|2[1-9]|3[0-2]|6[1-9]|7[0-2]|80)[0-9]{7}")
# Latin letters, as an ACH entry can carry them, digits, and what people, trusts and companies write in their names; 60
# as names elsewhere in the suite.
_LATIN = r"A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f"
_HOLDER = re.compile(rf"(?=.*[{_LATIN}])[{_LATIN}0-9][{_LATIN}0-9 .,'\u2019&/()-]{{0,59}}")
# No card is issued for longer; a later year is a typing mistake.
LONGEST_VALIDITY_YEARS = 20


@dataclass(frozen=True, slots=True)
class _CardFormat:
    """How the numbers of a brand begin and how long they are (ISO/IEC 7812), and the digits of the security code."""

    brand: CardBrand
    number: re.Pattern[str]
    security_code_digits: int = 3


_CARDS = (
    _CardFormat(CardBrand.VISA, re.compile(r"4(?:[0-9]{12}|[0-9]{15}|[0-9]{18})")),
    # 51-55, and 2221-2720
    _CardFormat(
        CardBrand.MASTERCARD,
        re.compile(r"(?:5[1-5][0-9]{2}|222[1-9]|22[3-9][0-9]|2[3-6][0-9]{2}|27[01][0-9]|2720)[0-9]{12}"),
    ),
    _CardFormat(CardBrand.AMERICAN_EXPRESS, re.compile(r"3[47][0-9]{13}"), security_code_digits=4),
    # 6011, 644-649, 65
    _CardFormat(CardBrand.DISCOVER, re.compile(r"(?:6011[0-9]{2}|64[4-9][0-9]{3}|65[0-9]{4})[0-9]{10,13}")),
)


def read_payment_entry(fields: Mapping[str, str], today: date) -> PaymentEntry:
    """What the payer entered (R88-R90); raises InvalidInput with every mistake at once, and no typed value in it."""
    problems: list[Problem] = []
    method = fields.get("method")
    autopay = fields.get("autopay") == YES
    card = _card(fields, today, problems) if method == "card" else None
    bank = _bank(fields, problems) if method == "bank" or autopay else None
    if method not in ("card", "bank"):
        problems.insert(0, Problem("method", "Choose a payment method: new bank account or new card.", "R88"))
    problems += _payer_and_terms(fields)
    details = card if method == "card" else bank
    if problems or details is None:
        raise InvalidInput("Check the payment details.", problems=tuple(problems))
    return PaymentEntry(details, Payer(fields["payer"]), bank if autopay else None)


def read_payer(fields: Mapping[str, str]) -> Payer:
    """What is asked before another's page takes the payment (R43, R89); raises InvalidInput likewise."""
    if problems := _payer_and_terms(fields):
        raise InvalidInput("Check the payment details.", problems=tuple(problems))
    return Payer(fields["payer"])


def find_problems(fields: Mapping[str, str], today: date, *, here: bool) -> tuple[Problem, ...]:
    """What is wrong with the form; ``here``: a card or an account is taken on this page."""
    try:
        if here:
            read_payment_entry(fields, today)
        else:
            read_payer(fields)
    except InvalidInput as error:
        return error.problems
    return ()


def keep_choices(fields: Mapping[str, str]) -> Mapping[str, str]:
    """Choices and the name on the account: never a number of a card or an account, in whichever field it was typed."""
    return {name: fields[name] for name in _KEPT if fields.get(name) and not _may_have_number(fields[name])}


def _may_have_number(text: str) -> bool:
    """Letters alone separate digits: those of a card are written with spaces, hyphens and dots. Nothing but digits is
    no name, and may be a short account number or a security code.
    """
    digits = (one if one.isnumeric() else " " if one.isalpha() else "" for one in _DAY.sub("day", text))
    rows = "".join(digits)
    return rows.isnumeric() or any(len(row) >= _DIGITS_OF_A_NUMBER for row in rows.split())


# On the review page.
AGREEMENT_MISSING = Problem("agree", "Agree to the payment before you submit it.", "R91")


def has_agreed(fields: Mapping[str, str]) -> bool:
    """The payer's agreement on the review page (R91)."""
    return fields.get("agree") == YES


def _payer_and_terms(fields: Mapping[str, str]) -> list[Problem]:
    problems = []
    if fields.get("payer", "") not in {*Payer}:
        problems.append(Problem("payer", "Choose who is making this payment.", "R43"))
    if fields.get("accept_terms") != YES:
        problems.append(Problem("accept_terms", "Accept the Terms of Use and Privacy Statement to continue.", "R89"))
    return problems


def _card(fields: Mapping[str, str], today: date, problems: list[Problem]) -> CardDetails | None:
    before = len(problems)
    number = _digits(fields, "card_number")
    card = next((one for one in _CARDS if one.number.fullmatch(number)), None)
    if not number.isascii() or not number.isdigit() or not luhn.is_valid(number):
        problems.append(Problem("card_number", "Enter the card number exactly as it appears on the card.", "R88"))
    elif card is None:
        sentence = "Use a Visa, Mastercard, American Express, or Discover card."
        problems.append(Problem("card_number", sentence, "R88"))
    expires = _expires(fields.get("card_expires", ""), today)
    if expires is None:
        problems.append(Problem("card_expires", "Enter an expiration date in the future, as MM/YY.", "R88"))
    code = _digits(fields, "card_security_code")
    lengths = {card.security_code_digits} if card else {3, 4}
    if not re.fullmatch("[0-9]+", code) or len(code) not in lengths:
        problems.append(Problem("card_security_code", _ask_for_code(lengths), "R88"))
    return CardDetails(number, expires, code, card.brand) if card and expires and len(problems) == before else None


def _ask_for_code(lengths: set[int]) -> str:
    if lengths == {4}:
        return "Enter the 4-digit security code on the front of the card."
    return "Enter the 3-digit security code." if lengths == {3} else "Enter the 3- or 4-digit security code."


def _expires(typed: str, today: date) -> tuple[int, int] | None:
    """Year and month; a card is good through the last day of its month."""
    match = _EXPIRES.fullmatch(typed.strip())
    if not match:
        return None
    year, month = 2000 + int(match[2]), int(match[1])
    if (year, month) < (today.year, today.month) or year > today.year + LONGEST_VALIDITY_YEARS:
        return None
    return year, month


def _bank(fields: Mapping[str, str], problems: list[Problem]) -> BankDetails | None:
    before = len(problems)
    kind, holder = fields.get("account_type", ""), " ".join(fields.get("account_holder", "").split())
    if kind not in {*AccountType}:
        problems.append(Problem("account_type", "Choose checking or savings.", "R88"))
    if not _HOLDER.fullmatch(holder):
        sentence = "Enter the name on the bank account, in Latin letters, 60 at most."
        problems.append(Problem("account_holder", sentence, "R88"))
    routing, account = _digits(fields, "routing_number"), _digits(fields, "account_number")
    if not (_ROUTING_NUMBER.fullmatch(routing) and rtn.is_valid(routing)):
        problems.append(Problem("routing_number", "Enter the bank's 9-digit routing number.", "R88"))
    if not _ACCOUNT_NUMBER.fullmatch(account):
        problems.append(Problem("account_number", "Enter the account number, 4 to 17 digits.", "R88"))
    return BankDetails(routing, account, AccountType(kind), holder) if len(problems) == before else None


def _digits(fields: Mapping[str, str], name: str) -> str:
    return re.sub(r"[ -]", "", fields.get(name, ""))
