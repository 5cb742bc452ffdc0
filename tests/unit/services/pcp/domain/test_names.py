"""Names with typing errors: every one within the bound is found, and the parts of words leave none out."""

from __future__ import annotations

from random import Random

import pytest

from services.pcp.domain.names import allowed_errors, cut_word, find_similar_keys, fold_name, is_similar

LETTERS = "abcdefghij"


def own_keys(word: str) -> set[str]:
    return {f"{len(word)}:{part}:{word[start:end]}" for part, (start, end) in enumerate(cut_word(len(word)), 1)}


def one_error(word: str, random: Random) -> str:
    place = random.randrange(len(word))
    match random.randrange(4):
        case 0:
            return word[:place] + random.choice(LETTERS) + word[place:]
        case 1:
            return word[:place] + word[place + 1 :]
        case 2:
            return word[:place] + random.choice(LETTERS) + word[place + 1 :]
    place = min(place, len(word) - 2)
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def test_a_word_with_as_many_errors_as_are_allowed_shares_a_key_and_is_similar() -> None:
    random = Random(3)
    for _ in range(20_000):
        word = "".join(random.choices(LETTERS, k=random.randrange(4, 13)))
        written = one_error(word, random)
        if len(word) > 7 and random.random() < 0.6:
            written = one_error(written, random)
        if len(written) < 3 or not is_similar(written, word):
            continue  # a short word that was written with two, or a pair that was changed twice
        assert find_similar_keys(written) & own_keys(word), (word, written)


@pytest.mark.parametrize(
    ("written", "word", "similar"),
    [
        ("smiht", "smith", True),
        ("smyht", "smith", False),
        ("larchborne", "larchbourne", True),
        ("larhcborne", "larchbourne", True),
        ("larkmeadow", "larchbourne", False),
        ("li", "le", False),
        ("lee", "leo", True),
        ("johnson", "jonson", True),
        ("johnson", "jonsen", True),
        ("johnson", "jensan", False),
    ],
)
def test_a_word_is_similar_within_the_errors_of_its_length(written: str, word: str, similar: bool) -> None:
    assert is_similar(written, word) is similar


def test_short_words_have_to_be_right() -> None:
    assert [allowed_errors("x" * length) for length in (1, 2, 3, 5, 6, 20)] == [0, 0, 1, 1, 2, 2]
    assert find_similar_keys("li") == set()


def test_a_name_is_folded_to_its_words() -> None:
    assert fold_name("O'Hara-N\u00fa\u00f1ez,", "Ana") == "o hara nunez ana"
    assert fold_name("%", " _ ") == ""
