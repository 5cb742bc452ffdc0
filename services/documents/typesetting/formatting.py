"""Values as they are written on paper."""

from __future__ import annotations

import unicodedata

from chassis.contact_points import Phone
from chassis.kernel import Money

# What a field shows that was left empty.
NOT_GIVEN = "—"
# Stands for what cannot be printed; where it stands, the page says so.
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def format_dollars(amount: Money | None) -> str:
    return f"${amount.dollars:,.2f}" if amount else NOT_GIVEN


def format_text(text: str) -> str:
    return keep_printable(text).strip() or NOT_GIVEN


def format_phone(text: str) -> str:
    """As (312) 555-0100, with "ext. 123" where there is an extension; what is no such number as it was given."""
    found = Phone.read(text)
    return str(found) if found else format_text(text)


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
