"""Names as a search compares them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_BETWEEN_WORDS = re.compile(r"[\W_]+")


def fold_name(*parts: str) -> str:
    """Words without case, accents and punctuation: "O'Hara-Núñez, Ana" is "o hara nunez ana"."""
    plain = unicodedata.normalize("NFKD", " ".join(parts).casefold())
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(filter(None, _BETWEEN_WORDS.split(letters)))


def allowed_errors(word: str) -> int:
    """How many typing errors a word may have; in a short one another letter is another name."""
    return 0 if len(word) < 3 else 1 if len(word) < 6 else 2


def find_similar_keys(word: str) -> set[str]:
    """What every word within the allowed errors has at least one of, among its own three keys (``name_word``).

    A word is cut into three parts; two errors leave one of them whole (pass-join: Li, Deng, Wang and Feng, 2011). The
    key says the length of the word and which part it is, so the part has to stand about where it stands here. Two
    letters that changed places count as one error and may touch two parts: each such pair is put back first.
    """
    errors = allowed_errors(word)
    if not errors:
        return set()
    keys = set(_keys_within(word, errors))
    for place in range(len(word) - 1):
        swapped = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
        keys.update(_keys_within(swapped, errors - 1))
    return keys


def cut_word(length: int) -> tuple[tuple[int, int], ...]:
    """Where the three parts of a word begin and end."""
    first, second = length // 3, length // 3 + (length + 1) // 3
    return (0, first), (first, second), (second, length)


def _keys_within(word: str, errors: int) -> Iterator[str]:
    for length in range(max(3, len(word) - errors), len(word) + errors + 1):
        for part, (start, end) in enumerate(cut_word(length), 1):
            for begin in range(max(0, start - errors), min(len(word) - (end - start), start + errors) + 1):
                yield f"{length}:{part}:{word[begin : begin + end - start]}"


def is_similar(word: str, other: str) -> bool:
    """Within the allowed errors: a letter too many, one missing, another one, two that changed places."""
    errors = allowed_errors(word)
    if abs(len(word) - len(other)) > errors:
        return False
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(word, 1):
        before, above, row = row, before, [at]
        for place, of_other in enumerate(other, 1):
            cost = min(before[place] + 1, row[place - 1] + 1, before[place - 1] + (letter != of_other))
            if at > 1 and place > 1 and letter == other[place - 2] and word[at - 2] == of_other:
                cost = min(cost, above[place - 2] + 1)
            row.append(cost)
        if min(row) > errors:
            return False
    return row[-1] <= errors
