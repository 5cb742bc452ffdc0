"""Values as they are written on paper."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime

from chassis.contact_points import Phone
from chassis.form_words import get_form_words
from chassis.kernel import Money, format_date, get_markets

# What a field shows that was left empty.
NOT_GIVEN = "—"
# Stands for what cannot be printed; where it stands, the page says so.
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_ENGLISH = get_form_words("en")


def format_day(value: date | None) -> str:
    return format_date(value) if value else NOT_GIVEN


def format_month(value: date) -> str:
    """ "December 2026" """
    return _ENGLISH.month(value)


def format_instant(value: datetime, state: str) -> str:
    """To the minute, as clocks show it in the state."""
    return _ENGLISH.moment(value.astimezone(get_markets()[state].zone))


def format_language(code: str) -> str:
    """ "es" is Spanish; none is a dash."""
    return _ENGLISH.word(f"language_{code}") if code else NOT_GIVEN


def format_category(code: str) -> str:
    """black_or_african_american -> Black or African American."""
    return code.replace("_", " ").title().replace(" Or ", " or ")


def format_dollars(amount: Money | None) -> str:
    return f"${amount.dollars:,.2f}" if amount else NOT_GIVEN


def format_text(text: str) -> str:
    return keep_printable(text).strip() or NOT_GIVEN


def format_phone(text: str) -> str:
    """As (312) 555-0100, with "ext. 123" where there is an extension; what is no such number as it was given."""
    found = Phone.read(text)
    return str(found) if found else format_text(text)


def yes_or_no(answer: bool | None) -> str:
    return NOT_GIVEN if answer is None else "Yes" if answer else "No"


def masked_ssn(last_four: str) -> str:
    return f"•••-••-{last_four}" if last_four else NOT_GIVEN


def keep_printable(text: str) -> str:
    """Without control characters and code points that stand for nothing: a PDF/UA may hold none."""
    return text if text.isprintable() else "".join(map(_printable, text))


def _printable(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cc":
        return " "
    return REPLACEMENT if category in ("Cs", "Co", "Cn") else character
