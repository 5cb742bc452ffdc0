"""How people's names are compared, and which of them a carrier's 834 file can carry (X12 extended character set).

Names are taken generously: every letter of a Latin alphabet with its accents, and what stands between letters.
Digits, symbols and other scripts are in neither character set of X12, and a carrier returns the file for them. NM103
holds 60 characters, as the contract does (docs/adr/0025).
"""

from __future__ import annotations

import unicodedata

# Typed for one another: straight, curly (both ways), the letter apostrophe, the okina, and the two accents beside them.
_APOSTROPHES = dict.fromkeys(map(ord, "'\u2018\u2019\u02bc\u02bb`\u00b4"))
# Letters with a stroke or without a dot, and ligatures, which Unicode does not take apart; as passports write them.
_STROKES = {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "\u0131": "i", "æ": "ae", "œ": "oe", "þ": "th"}
_WITHOUT_STROKE = str.maketrans(_STROKES)
# Letters of Azerbaijani, Sami and African languages, as passports write them.
_AS_IN_PASSPORTS = {"ə": "e", "ŋ": "n", "ŧ": "t", "ɓ": "b", "ɗ": "d", "ƙ": "k", "ƴ": "y", "ɛ": "e", "ɔ": "o"}
_LETTERS = _STROKES | _AS_IN_PASSPORTS
_CAPITALS = {letter.upper(): plain.upper() for letter, plain in _LETTERS.items() if letter != "\u0131"}
_SIGNS_IN_ASCII = {
    **dict.fromkeys("\u2010\u2011\u2013\u2014", "-"),
    **dict.fromkeys("\u201c\u201d", '"'),
    **dict.fromkeys("\u2018\u2019\u02bc\u02bb`\u00b4", "'"),
}
_IN_ASCII = str.maketrans({**_LETTERS, **_CAPITALS, **_SIGNS_IN_ASCII, "ß": "ss", "ẞ": "SS", "\u00b7": ""})
# Between or behind letters: D'Angelo (straight, curly, okina), Lee-Ann, "St. John", "Sample, Jr.", Catalan l·l.
_SIGNS = frozenset(" .,'\u2018\u2019\u02bc\u02bb`\u00b4-\u2010\u2011\u2013\u00b7")
LATIN_LETTERS = "Latin letters (A to Z, accents are fine)"
_ADVICE = (
    f"Use {LATIN_LETTERS}, spaces, periods, hyphens and apostrophes only, as the carrier's enrollment file takes "
    "nothing else."
)
_OTHER_SCRIPT = (
    f"Write the name in {LATIN_LETTERS}, as on a passport or a Social Security card. The carrier's enrollment file "
    "takes no other alphabet."
)


def without_marks(text: str) -> str:
    """Without capitals, accents and apostrophes; what an apostrophe parts is joined."""
    plain = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES).casefold()).translate(_APOSTROPHES)
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).translate(_WITHOUT_STROKE)


def transliterate(text: str) -> str:
    """In ASCII, with capitals, as passports write it: "Núñez" is "Nunez". A letter of another script stays."""
    plain = unicodedata.normalize("NFKD", text.translate(_IN_ASCII)).translate(_IN_ASCII)
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def fold_name(name: str) -> str:
    """Equal for one name however it was typed: capitals, accents, apostrophes, hyphens and blanks tell nobody apart.

    Letters of all scripts count. A name without any letter or digit stays as it is, but for capitals and blanks.
    """
    plain = without_marks(name)
    return "".join(letter for letter in plain if unicodedata.category(letter)[0] in "LMN") or " ".join(plain.split())


def has_other_script(text: str) -> bool:
    """Whether a letter of it is of no Latin alphabet, such as a Cyrillic or a Chinese one."""
    return any(map(_is_foreign_letter, unicodedata.normalize("NFC", text)))


def name_problem(name: str) -> str:
    """What to do about a name that an 834 cannot carry, as a sentence; empty for one that it can, and for no name."""
    letters = [one for one in unicodedata.normalize("NFC", name) if one not in _SIGNS]
    if not letters:
        return _ADVICE if name.strip() else ""
    if any(_is_foreign_letter(one) or (_is_latin(one) and not transliterate(one).isascii()) for one in letters):
        return _OTHER_SCRIPT
    return "" if all(_is_latin(one) for one in letters) else _ADVICE


def _is_latin(letter: str) -> bool:
    """A mark that stays apart from its letter under NFC belongs to it: a Yoruba vowel with two of them."""
    if unicodedata.category(letter) == "Mn":
        return unicodedata.name(letter, "").startswith("COMBINING")
    return letter.isalpha() and unicodedata.name(letter, "").startswith("LATIN")


def _is_foreign_letter(letter: str) -> bool:
    return unicodedata.category(letter)[0] in "LM" and not _is_latin(letter)
