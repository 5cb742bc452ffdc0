"""Texts as people type them, and as a contract wants them.

Forgiving on the way in (R106, R49, R46): a producer on the telephone types ``1/2/1990`` or ``01021990``. What cannot
be read is handed on as it was typed, so that the service that judges it says what is wrong and the page shows it again.
"""

from __future__ import annotations

import re
from datetime import date

from chassis.kernel import missing_day

_DATE = re.compile(r"(\d{1,2})[/\-. ](\d{1,2})[/\-. ](\d{4})", re.ASCII)
_DATE_DIGITS = re.compile(r"(\d{2})(\d{2})(\d{4})", re.ASCII)
_ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
AMOUNT_ADVICE = "Enter an amount in dollars, such as 250 or 250.00."
DATE_ADVICE = "Enter the date as month, day and year, such as 3/27/1990."
_AMOUNT = re.compile(r"\$? ?(\d{1,3}(?:,\d{3})*|\d{1,9})(?:\.(\d{1,2}))?", re.ASCII)


def parse_date(typed: str) -> str | None:
    """ISO date of "1/2/1990", "01-02-1990", "01021990" or "1990-01-02"; None when it is no day of the calendar.

    A year of two digits is no date here: "50" is a birth year of one client and of no other.
    """
    text = typed.strip()
    try:
        if found := _find_parts(text):
            return date(*found).isoformat()
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return None


def date_advice(typed: str) -> str:
    """What to do about a text of which ``parse_date`` makes no date."""
    year, month, day = _find_parts(typed.strip()) or (0, 0, 0)
    if month > 12 >= day > 0:  # as most of the world writes a date
        return f"There is no month {month}. {DATE_ADVICE}"
    return (year and missing_day(year, month, day)) or DATE_ADVICE


def _find_parts(text: str) -> tuple[int, int, int] | None:
    """Year, month and day of a text in the shape of a date; there may be no such day."""
    if found := _DATE.fullmatch(text) or _DATE_DIGITS.fullmatch(text):
        return int(found[3]), int(found[1]), int(found[2])
    if found := _ISO_DATE.fullmatch(text):
        return int(found[1]), int(found[2]), int(found[3])
    return None


def read_date(typed: str) -> str:
    """What a contract is asked with: the ISO date, or what cannot be read as it was typed."""
    return parse_date(typed) or typed


def write_date(iso: str) -> str:
    """ "1990-01-02" as it stands in a field: "01/02/1990" (R106); what is no date stays as it is."""
    try:
        given = date.fromisoformat(iso)
    except ValueError:
        return iso
    return f"{given:%m/%d}/{given.year:04d}"


def parse_amount(typed: str) -> int | None:
    """Cents of "1,200", "$250.5" or "250.00"; None when it is no amount."""
    found = _AMOUNT.fullmatch(typed.strip())
    if not found:
        return None
    return int(found[1].replace(",", "")) * 100 + int((found[2] or "").ljust(2, "0"))


def write_amount(cents: int) -> str:
    """Cents as they stand in a field: "250.00"."""
    return f"{cents // 100}.{cents % 100:02d}"


def tidy_ssn(typed: str) -> str:
    """Without the dashes, periods and spaces that people put between the parts."""
    return re.sub(r"[-.\s]", "", typed)
