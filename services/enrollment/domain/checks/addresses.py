"""Domain: home and mailing addresses (R47, R48)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from chassis.kernel import Problem
from chassis.kernel.zip_prefixes import POSTAL_STATES, states_of_zip
from services.enrollment.domain.checks import text
from services.enrollment.domain.steps import Address

# Where mail waits and nobody lives; the ways to write it that USPS Publication 28 (281, 291) lists. A box on a rural
# or highway contract route ("RR 2 Box 15") is a home address.
_WAITING_MAIL = re.compile(
    r"""\b(?: p\s*o | post\s*office ) \s* (?: box | bx | drawer | bin ) (?![a-z])
      | \bp\s*o\s*b \s* \#? \s* \d
      | ^\s* (?: box | bx | drawer | caller | firm\s*caller ) \s* \#? \s* \d
      | \bgen(?:eral)? \s+ delivery\b""",
    re.IGNORECASE | re.VERBOSE,
)


def check_home_address(prefix: str, address: Address) -> Iterator[Problem]:
    """Its ZIP, county and state are compared with each other when they are saved."""
    yield from _shape(prefix, address, "R47")
    for field, value in (("street", address.street), ("unit", address.unit)):
        if _WAITING_MAIL.search(re.sub(r"[.\-]", " ", value)):
            message = (
                "A PO box or general delivery is not a home address. "
                "Enter the street address here, and the box as the mailing address."
            )
            yield Problem(f"{prefix}{field}", message, "R47")


def check_mailing_address(prefix: str, address: Address) -> Iterator[Problem]:
    """Anywhere in the United States, with its territories and the armed forces' post offices; a PO box may be."""
    yield from _shape(prefix, address, "R48")
    misfit = address.state in POSTAL_STATES and address.state not in states_of_zip(address.zip)
    if misfit and address.zip:
        message = f"This ZIP code is not in {address.state}. Correct the ZIP code or the state."
        yield Problem(f"{prefix}zip", message, "R48")


def _shape(prefix: str, address: Address, rule: str) -> Iterator[Problem]:
    parts = {"street": address.street, "unit": address.unit, "city": address.city}
    yield from text.check_834_texts(prefix, parts, rule)
    if address.state and address.state not in POSTAL_STATES:
        message = "Enter the state's two-letter postal abbreviation in capitals, such as IL."
        yield Problem(f"{prefix}state", message, "R47")
