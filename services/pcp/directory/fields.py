"""Fields of an entry as carriers write them: numbers for text, ZIP+4, plan ids with blanks and variants."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import TypeGuard

from stdnum import luhn

# An NPI is checked as if it were a card number of the health industry: 80 (health), 840 (United States).
NPI_PREFIX = "80840"
NPI_LENGTH = 10
_ZIP = re.compile(r"([0-9]{5})(?:-?[0-9]{4})?")
# HIOS: issuer, state, product and plan; a variant of two digits may follow, with its hyphen or without.
_PLAN_ID = re.compile(r"([0-9]{5}[A-Z]{2}[0-9]{7})(?:-?[0-9]{2})?")
# The first year of qualified health plans, and a century in which a typing mistake does not fit.
_YEARS = range(2014, 2100)
_FIVE_DIGITS = 99_999

Fields = Mapping[str, object]


def is_fields(value: object) -> TypeGuard[Fields]:
    return isinstance(value, Mapping)


def read_text(value: object) -> str:
    """Text or a number in one line; empty for anything else, and for what cannot be printed or stored."""
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return ""
    line = " ".join(str(value).split())
    return line if line.isprintable() else ""


def read_items(value: object) -> Iterator[object]:
    """Of a list, its items; a single value stands for a list of one, and null for an empty one."""
    if isinstance(value, list):
        yield from value
    elif value is not None:
        yield value


def zip_code(value: object) -> str:
    """The five digits of a ZIP or ZIP+4; empty when it is neither. A number has lost the zeros in front."""
    written = read_text(value)
    if isinstance(value, int):
        written = written.zfill(5 if value <= _FIVE_DIGITS else 9)
    match = _ZIP.fullmatch(written)
    return match[1] if match else ""


def plan_component(value: object) -> str:
    """The 14 characters of a HIOS plan id; empty when it is none."""
    match = _PLAN_ID.fullmatch(read_text(value).replace(" ", "").upper())
    return match[1] if match else ""


def read_day(value: object) -> date | None:
    """The day of an ISO date, of which a time may follow; None for anything else."""
    try:
        return date.fromisoformat(read_text(value)[:10])
    except ValueError:
        return None


def plan_years(value: object) -> list[int]:
    years = [
        int(year)
        for year in map(read_text, read_items(value))
        if year.isascii() and year.isdecimal() and len(year) == 4
    ]
    return [year for year in years if year in _YEARS]


def is_npi(written: str) -> bool:
    return (
        len(written) == NPI_LENGTH
        and written.isascii()
        and written.isdecimal()
        and bool(luhn.is_valid(NPI_PREFIX + written))
    )
