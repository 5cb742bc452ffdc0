"""Text that no font at hand can print: each such grapheme cluster becomes one replacement character.

A PDF/UA may hold no glyph that stands for nothing, so the compiler refuses the document and says which text has no
glyph. All of it is read from one refusal, and what a reader takes for one letter (a base with its vowel signs, an emoji
of several code points) is replaced as one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import regex
import typst

from services.documents.typesetting.formatting import REPLACEMENT

Form = dict[str, Any]
# As it is; without what that lacked; without what the second still lacked, since a glyph may only come up once its
# neighbour is gone; and in letters alone that the built-in font has.
MOST_COMPILES = 4
_CANNOT_DRAW = re.compile(r"the text `(\".*?\")` could not be displayed", re.DOTALL)
_CLUSTER = regex.compile(r"\X")
# Joiners and variation selectors come with a letter and are never what is lacking when a letter is.
_INVISIBLE = regex.compile(r"[\p{Default_Ignorable_Code_Point}]+")
# What the built-in font prints for certain: Latin with its accents and the signs that our templates and texts use.
_CERTAIN = re.compile(r"[\n\x20-\x7e\xa0-\xac\xae-\u017f\u2013\u2014\u2018\u2019\u201c\u201d\u2022\u2026]+")
_LETTERS = re.compile(r"(.+?) (?:LETTER|VOWEL|SIGN|SYLLABLE|MARK|CONSONANT|IDEOGRAPH|DIGIT|SUBJOINED)\b.*")
_KNOWN_AS = {"Cjk Unified": "Chinese", "Hangul": "Korean", "Myanmar": "Burmese"}


def compile_printable(compile_form: Callable[[Form], bytes], form: Form) -> bytes:
    """The document, with a replacement character for each cluster that has no glyph; ``unprinted`` names them.

    Raises TypstError when it is not the text that the compiler refuses.
    """
    lacking: frozenset[str] = frozenset()
    for _ in range(MOST_COMPILES - 1):
        try:
            return compile_form(_replaced(form, partial(_touches, lacking)))
        except typst.TypstError as error:
            found = _without_glyph(getattr(error, "diagnostic", ""))
            if found <= lacking:
                break  # not about text, or replacing did not help
            lacking |= found
    return compile_form(_replaced(form, lambda cluster: not _CERTAIN.fullmatch(cluster)))


def _without_glyph(diagnostic: str) -> frozenset[str]:
    """The texts that the compiler names, each as a Rust string literal such as "\\u{1f600}" or "王"."""
    quoted = (text[1:-1] for text in _CANNOT_DRAW.findall(diagnostic))
    texts = {re.sub(r"\\u\{([0-9a-f]+)\}", lambda code: chr(int(code[1], 16)), text) for text in quoted}
    visible = {bare for text in texts if (bare := str(_INVISIBLE.sub("", text)))}
    return frozenset(visible or texts)


def _touches(lacking: frozenset[str], cluster: str) -> bool:
    # a text may be a part of a cluster, and in some scripts more than one
    return any(text in cluster or cluster in text for text in lacking)


def _replaced(form: Form, is_lacking: Callable[[str], bool]) -> Form:
    gone: dict[str, bool] = {}

    def print_text(text: str) -> str:
        return text if text.isascii() else str(_CLUSTER.sub(print_cluster, text))

    def print_cluster(found: re.Match[str]) -> str:
        cluster = found[0]
        if cluster.isascii():
            return cluster
        if cluster not in gone:
            gone[cluster] = is_lacking(cluster)
        return REPLACEMENT if gone[cluster] else cluster

    printed: Form = _mapped(form, print_text)
    lost = [cluster for cluster, is_gone in gone.items() if is_gone and cluster != REPLACEMENT]
    unnamed = "characters" if REPLACEMENT in gone else ""
    return {**printed, "unprinted": name_writings(lost) or unnamed}


def name_writings(clusters: Iterable[str]) -> str:
    """What a person calls them: "Tamil letters", "Khmer and Tibetan letters and symbols"."""
    names = {_writing(cluster) for cluster in clusters}
    scripts = sorted(names - {""})
    words = [f"{' and '.join(scripts)} letters"] if scripts else []
    return " and ".join([*words, *(["symbols"] if "" in names else [])])


def _writing(cluster: str) -> str:
    """The script's name; empty for a symbol."""
    first = next((c for c in cluster if unicodedata.category(c)[0] == "L"), cluster[0])
    found = _LETTERS.fullmatch(unicodedata.name(first, ""))
    if not found or unicodedata.category(first)[0] not in "LM":
        return ""
    script = found[1].title()
    return _KNOWN_AS.get(script, script)


def _mapped(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_mapped(item, change) for item in value]
    if isinstance(value, dict):
        return {key: _mapped(item, change) for key, item in value.items()}
    return value
