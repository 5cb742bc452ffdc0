"""How amounts are written in JSON, keys and versions in headers, and which texts can be stored."""

from __future__ import annotations

import re
from typing import Any

from chassis.kernel import Money

MONEY = "suite.common.v1.Money"
TIMESTAMP = "google.protobuf.Timestamp"
# Up to 999,999,999.99; larger than any premium, and well inside int64 cents.
MONEY_PATTERN = r"^[0-9]{1,9}(\.[0-9]{1,2})?$"
# What headers carry: printable characters without spaces; and a version, with or without the quotes of an ETag.
KEY_PATTERN = "[!-~]+"
ETAG_PATTERN = '"?([1-9][0-9]{0,8})"?'
AMOUNT_ADVICE = (
    'Send the amount in dollars as text, such as "125.50": up to nine digits, and at most two more behind a point, '
    "without a dollar sign, a comma or a minus."
)


def parse_cents(text: str) -> int | None:
    """Cents of a decimal string such as "886.79"; None when it is not one."""
    return Money.of(text).cents if re.fullmatch(MONEY_PATTERN, text, re.ASCII) else None


def format_dollars(amount_in_cents: int) -> str:
    # as Money writes it; an answer has hundreds of amounts, and most of the time went into making the objects
    if amount_in_cents < 0:
        return str(Money(amount_in_cents))
    return f"{amount_in_cents // 100}.{amount_in_cents % 100:02d}"


def is_text(value: Any) -> bool:
    """Whether it is text that can be kept: NUL fits no database text, a lone surrogate no UTF-8."""
    return (
        isinstance(value, str) and "\x00" not in value and not any("\ud800" <= letter <= "\udfff" for letter in value)
    )
