"""How people's names are compared: one folding for every place that asks whether two names are the same."""

from __future__ import annotations

import unicodedata

# Typed for one another: straight, curly (both ways), the letter apostrophe, the okina, and the two accents beside them.
_APOSTROPHES = dict.fromkeys(map(ord, "'\u2018\u2019\u02bc\u02bb`\u00b4"))
# Letters with a stroke or without a dot, and ligatures, which Unicode does not take apart; as passports write them.
_WITHOUT_STROKE = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "\u0131": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)


def without_marks(text: str) -> str:
    """Without capitals, accents and apostrophes; what an apostrophe parts is joined."""
    plain = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES).casefold()).translate(_APOSTROPHES)
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).translate(_WITHOUT_STROKE)


def fold_name(name: str) -> str:
    """Equal for one name however it was typed: capitals, accents, apostrophes, hyphens and blanks tell nobody apart.

    Letters of all scripts count. A name without any letter or digit stays as it is, but for capitals and blanks.
    """
    plain = without_marks(name)
    return "".join(letter for letter in plain if unicodedata.category(letter)[0] in "LMN") or " ".join(plain.split())
