"""What is said of a number that is too long or too short: how many digits it should have, and how many it has."""

from __future__ import annotations

import re


def count_digits(text: str) -> int:
    """How many there are of a text of digits, with the signs that people put between them; 0 of another."""
    plain = re.sub(r"[-.()\s]", "", text)
    return len(plain) if plain.isascii() and plain.isdigit() else 0


def wrong_length(what: str, digits: int, text: str) -> str:
    """``what``: how the number begins in a sentence, "A Social Security number"; ``text``: what was typed for it."""
    found = count_digits(text)
    if found and found != digits:
        return f"{what} has {digits} digits; this one has {found}."
    return f"{what} has {digits} digits; enter those alone."
