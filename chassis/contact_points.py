"""Phone numbers and email addresses as people type them, read by libraries that know their rules."""

from __future__ import annotations

import re
from dataclasses import dataclass

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat

from chassis.kernel.number_length import count_digits, wrong_length

# North American numbering: neither area code nor exchange begins with 0 or 1. The library's own check also asks which
# numbers have been given out, and would refuse those that are kept for fiction (555-0100).
_TEN_DIGITS = re.compile(r"[2-9][0-9]{2}[2-9][0-9]{6}")
_DIGITS = 10
# Letters stand before an extension alone: the library would also read "1-800-FLOWERS" and "home 312-555-0142".
_LETTERS = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Phone:
    """A North American number; ``extension`` is empty where there is none."""

    ten_digits: str
    extension: str = ""

    @classmethod
    def read(cls, typed: str) -> Phone | None:
        """None for what is no such number."""
        found = _parse(typed)
        if found is None or found.country_code != 1 or not _letters_before_extension_alone(typed, found):
            return None
        digits = str(found.national_number)
        return cls(digits, found.extension or "") if _TEN_DIGITS.fullmatch(digits) else None

    def __str__(self) -> str:
        """As it is printed: "(312) 555-0142 ext. 123"."""
        extension = self.extension or None
        number = PhoneNumber(country_code=1, national_number=int(self.ten_digits), extension=extension)
        return str(phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL))


def phone_advice(typed: str) -> str:
    """What to do about a text of which ``Phone.read`` makes no number."""
    found = count_digits(typed)
    if found and found != _DIGITS:
        return f"{wrong_length('A phone number with its area code', _DIGITS, typed)} Write an extension as x123."
    if found:
        return "Check the phone number: neither its area code nor the three digits behind it begin with 0 or 1."
    return f"Enter a phone number of {_DIGITS} digits with its area code; write an extension as x123."


def is_email(typed: str) -> bool:
    """By the rules of RFC 5321 and 5322, without asking the domain's name server."""
    try:
        validate_email(typed, check_deliverability=False)
    except EmailNotValidError:
        return False
    return True


def _parse(typed: str) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(typed, "US")
    except NumberParseException:
        return None


def _letters_before_extension_alone(typed: str, found: PhoneNumber) -> bool:
    letters = _LETTERS.search(typed)
    if letters is None:
        return True
    return bool(found.extension) and Phone.read(typed[: letters.start()]) is not None
