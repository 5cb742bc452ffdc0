"""To which states a ZIP code's first three digits belong, and a ZIP code as people write it.

The table is made by ``deploy/geodata/make_zip_prefixes.py`` from the list of ZIP codes (USPS and GeoNames, CC BY 4.0)
that the Python package ``zipcodes`` 3.0.0 of June 2026 carries. A few prefixes serve two states. AA, AE and AP are
the armed forces' post offices (APO, FPO, DPO).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

# The digits, with or without the four of ZIP+4.
_ZIP = re.compile(r"([0-9]{5})(?:[-\s]?([0-9]{4}))?")
PREFIX_DIGITS = 3

_PREFIXES = {
    "AA": "340",
    "AE": "090-099",
    "AK": "995-999",
    "AL": "350-352 354-369",
    "AP": "962-966",
    "AR": "716-729",
    "AS": "967",
    "AZ": "850-853 855-857 859-860 863-865",
    "CA": "900-908 910-928 930-961",
    "CO": "800-816",
    "CT": "060-069",
    "DC": "200 202-205 569 888",
    "DE": "197-199",
    "FL": "320-339 341-342 344 346-347 349",
    "FM": "969",
    "GA": "300-319 398-399",
    "GU": "969",
    "HI": "967-968",
    "IA": "500-516 520-528",
    "ID": "832-838",
    "IL": "600-620 622-629",
    "IN": "460-479",
    "KS": "660-662 664-679",
    "KY": "400-418 420-427",
    "LA": "700-701 703-708 710-714",
    "MA": "010-027 055",
    "MD": "205-212 214-219",
    "ME": "039-049",
    "MH": "969",
    "MI": "480-499",
    "MN": "550-551 553-567",
    "MO": "630-631 633-641 644-658 726",
    "MP": "969",
    "MS": "386-397",
    "MT": "590-599",
    "NC": "270-289",
    "ND": "580-588",
    "NE": "680-681 683-693",
    "NH": "030-038",
    "NJ": "070-089 099",
    "NM": "870-871 873-884",
    "NV": "889-891 893-895 897-898",
    "NY": "005 063 100-149",
    "OH": "430-459",
    "OK": "730-731 734-741 743-749",
    "OR": "970-979",
    "PA": "150-196",
    "PR": "006-007 009",
    "PW": "969",
    "RI": "028-029",
    "SC": "290-299",
    "SD": "570-577",
    "TN": "370-385",
    "TX": "733 739 750-770 772-799 885",
    "UT": "840-847",
    "VA": "201 205 220-246",
    "VI": "008",
    "VT": "050-054 056-059",
    "WA": "980-986 988-994",
    "WI": "530-532 534-535 537-549",
    "WV": "247-268",
    "WY": "820-831 834",
}
POSTAL_STATES = frozenset(_PREFIXES)


def read_zip(typed: str) -> str | None:
    """ "60601" or "60601-1234"; None for what is neither."""
    found = _ZIP.fullmatch(typed.strip())
    return "-".join(part for part in found.groups() if part) if found else None


def five_digits(typed: str) -> str | None:
    """What rating uses: a ZIP code without the four digits of ZIP+4; None for what is no ZIP code."""
    found = read_zip(typed)
    return found[:5] if found else None


def states_of_zip(zip_code: str) -> frozenset[str]:
    """By its first three digits; empty for digits that the post office does not use."""
    return _STATES.get(zip_code[:PREFIX_DIGITS], frozenset())


def _by_prefix() -> dict[str, frozenset[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for state, spans in _PREFIXES.items():
        for prefix in _prefixes(spans):
            found[prefix].add(state)
    return {prefix: frozenset(states) for prefix, states in found.items()}


def _prefixes(spans: str) -> Iterator[str]:
    for span in spans.split():
        first, _, last = span.partition("-")
        for prefix in range(int(first), int(last or first) + 1):
            yield f"{prefix:03d}"


_STATES = _by_prefix()
