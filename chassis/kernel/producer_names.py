"""Producers as their clients call them: records hold "FRITZ, CALVIN C" (R107), and nobody is spoken to like that."""

from __future__ import annotations

# What follows the comma in the name of an agency, which has no first name.
_AGENCY_ENDINGS = frozenset({"INC", "LLC", "LTD", "CO", "CORP", "PC", "LP", "LLP", "PLLC"})


def put_first_name_first(recorded: str) -> str:
    """ "FRITZ, CALVIN C" is "CALVIN C FRITZ", "FRITZ, CALVIN C, JR" is "CALVIN C FRITZ, JR"; an agency's name stays.

    The letters stay capitals: how "MCDONALD" is written otherwise is known to its owner alone.
    """
    last, _, rest = (part.strip() for part in recorded.partition(","))
    if not rest or rest.replace(".", "").upper() in _AGENCY_ENDINGS:
        return recorded
    first, _, suffix = (part.strip() for part in rest.partition(","))
    return f"{first} {last}, {suffix}" if suffix else f"{first} {last}"
