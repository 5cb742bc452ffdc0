"""Names as a search compares them."""

from __future__ import annotations

import re
import unicodedata

_BETWEEN_WORDS = re.compile(r"[\W_]+")


def fold_name(*parts: str) -> str:
    """Words without case, accents and punctuation: "O'Hara-Núñez, Ana" is "o hara nunez ana"."""
    plain = unicodedata.normalize("NFKD", " ".join(parts).casefold())
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(filter(None, _BETWEEN_WORDS.split(letters)))
