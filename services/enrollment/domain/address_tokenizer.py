"""Domain: how a typed address is read, and by which words a known one is found (R47)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from chassis.kernel import without_marks

# Both ways to write what many streets have, so that either finds it; USPS Publication 28.
_WAYS = {
    "n": "north",
    "s": "south",
    "e": "east",
    "w": "west",
    "ne": "northeast",
    "nw": "northwest",
    "se": "southeast",
    "sw": "southwest",
    "ave": "avenue",
    "blvd": "boulevard",
    "cir": "circle",
    "ct": "court",
    "dr": "drive",
    "expy": "expressway",
    "fwy": "freeway",
    "hwy": "highway",
    "ln": "lane",
    "pkwy": "parkway",
    "pl": "place",
    "rd": "road",
    "sq": "square",
    "st": "street",
    "ter": "terrace",
    "trl": "trail",
}
_BOTH_WAYS = _WAYS | {long: short for short, long in _WAYS.items()}
_HOUSE = re.compile(r"\s*(\d+[A-Za-z]?)(?=\s)\s*(.*)", re.DOTALL)
_UNIT = re.compile(
    r",?\s+((?:(?:suite|ste|unit|apt|bldg|building|\d+(?:st|nd|rd|th)\s+fl(?:oor)?)\b|#).*)", re.IGNORECASE
)
ZIP_DIGITS = 5


def tokenize_address(text: str) -> list[str]:
    """Without accents, punctuation and capitals; an apostrophe joins what it parts."""
    return re.findall(r"[a-z0-9]+", without_marks(text))


def index_tokens(street: str, city: str, state: str, zip_code: str) -> frozenset[str]:
    """Every word whose beginning finds the address; its house number is not among them."""
    _, way = split_house(street)
    found = tokenize_address(f"{way} {city} {state} {zip_code}")
    return frozenset([*found, *(_BOTH_WAYS[word] for word in found if word in _BOTH_WAYS)])


def split_house(street: str) -> tuple[str, str]:
    """The house number, or nothing, and the street with what follows it."""
    found = _HOUSE.fullmatch(street)
    return (found[1], found[2]) if found else ("", street)


def split_unit(street: str) -> tuple[str, str]:
    """The street, and suite or floor where they were written behind it."""
    parts = _UNIT.split(street, maxsplit=1)
    return (parts[0], parts[1]) if len(parts) > 1 else (street, "")


@dataclass(frozen=True, slots=True)
class TypedAddress:
    """A typed address. ``house`` is kept as typed, since no list of addresses knows every number of a street."""

    house: str
    words: tuple[str, ...]
    # What stands before and behind the last comma: a street that nobody knows still gets its place.
    street: str = ""
    place: tuple[str, ...] = ()

    @classmethod
    def read(cls, text: str) -> TypedAddress:
        house, rest = split_house(text)
        street, comma, place = text.rpartition(",")
        behind = tuple(tokenize_address(place)) if comma and tokenize_address(street) else ()
        return cls(house, tuple(tokenize_address(rest)), " ".join(street.split()) if behind else "", behind)

    @property
    def as_zip(self) -> TypedAddress | None:
        """The other reading of five digits at the beginning: a ZIP code."""
        if len(self.house) != ZIP_DIGITS or not self.house.isdecimal():
            return None
        return TypedAddress("", (self.house, *self.words))
