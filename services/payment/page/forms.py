"""Page: reads what a payer typed. Numbers are checked for typing mistakes here and go on to the processor."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from stdnum import luhn
from stdnum.us import rtn

from chassis.kernel import InvalidInput, Problem
from services.payment.usecases.ports import BankDetails, CardDetails
from services.payment.usecases.review_payment import PaymentEntry

YES = "yes"
_CARD_NUMBER = re.compile(r"[0-9]{13,19}")  # ISO/IEC 7812; 12 and fewer are no payment cards
_EXPIRES = re.compile(r"(0[1-9]|1[0-2])\s*/\s*(?:20)?([0-9]{2})")
_SECURITY_CODE = re.compile(r"[0-9]{3,4}")
_ACCOUNT_NUMBER = re.compile(r"[0-9]{4,17}")  # NACHA: up to 17 places
# ABA: 01-12 are banks by Federal Reserve district, 21-32 thrifts, 61-72 their electronic numbers, 80 traveler's checks;
# nothing else is assigned. 00 is: to the US government, where nobody has an account to pay from. It is left out because
# zeros typed to get on, such as 000000000, have a right check digit.
_ROUTING_NUMBER = re.compile(r"(?:0[1-9]|1[0-2]|2[1-9]|3[0-2]|6[1-9]|7[0-2]|80)[0-9]{7}")
# No card is issued for longer; a later year is a typing mistake.
LONGEST_VALIDITY_YEARS = 20


def read_payment_entry(fields: Mapping[str, str], today: date) -> PaymentEntry:
    """What the payer entered (R88-R90); raises InvalidInput with every mistake at once, and no typed value in it."""
    problems: list[Problem] = []
    method = fields.get("method")
    autopay = fields.get("autopay") == YES
    card = _card(fields, today, problems) if method == "card" else None
    bank = _bank(fields, problems) if method == "bank" or autopay else None
    if method not in ("card", "bank"):
        problems.insert(0, Problem("method", "Choose a payment method: new bank account or new card.", "R88"))
    if fields.get("accept_terms") != YES:
        problems.append(Problem("accept_terms", "Accept the Terms of Use and Privacy Statement to continue.", "R89"))
    details = card if method == "card" else bank
    if problems or details is None:
        raise InvalidInput("Check the payment details.", problems=tuple(problems))
    return PaymentEntry(details, bank if autopay else None)


def require_agreement(fields: Mapping[str, str]) -> None:
    """The payer's agreement on the review page (R91)."""
    if fields.get("agree") != YES:
        sentence = "Agree to the payment before you submit it."
        raise InvalidInput.at("agree", sentence, rule="R91")


def _card(fields: Mapping[str, str], today: date, problems: list[Problem]) -> CardDetails | None:
    before = len(problems)
    number = _digits(fields, "card_number")
    if not (_CARD_NUMBER.fullmatch(number) and luhn.is_valid(number)):
        problems.append(Problem("card_number", "Enter the card number exactly as it appears on the card.", "R88"))
    expires = _expires(fields.get("card_expires", ""), today)
    if expires is None:
        problems.append(Problem("card_expires", "Enter an expiration date in the future, as MM/YY.", "R88"))
    code = _digits(fields, "card_security_code")
    if not _SECURITY_CODE.fullmatch(code):
        problems.append(Problem("card_security_code", "Enter the 3- or 4-digit security code.", "R88"))
    return CardDetails(number, expires, code) if expires and len(problems) == before else None


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
    routing, account = _digits(fields, "routing_number"), _digits(fields, "account_number")
    if not (_ROUTING_NUMBER.fullmatch(routing) and rtn.is_valid(routing)):
        problems.append(Problem("routing_number", "Enter the bank's 9-digit routing number.", "R88"))
    if not _ACCOUNT_NUMBER.fullmatch(account):
        problems.append(Problem("account_number", "Enter the account number, 4 to 17 digits.", "R88"))
    return BankDetails(routing, account) if len(problems) == before else None


def _digits(fields: Mapping[str, str], name: str) -> str:
    return re.sub(r"[ -]", "", fields.get(name, ""))
