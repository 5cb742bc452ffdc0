"""The words of a shared quote: the same set in both languages."""

import string

import pytest

from gateway.pages.shared_texts import ENGLISH, SPANISH, choose_language


def test_both_languages_have_every_text_with_the_same_gaps() -> None:
    assert ENGLISH.keys() == SPANISH.keys()
    for name, text in ENGLISH.items():
        gaps, spanish = (
            {gap for _, gap, _, _ in string.Formatter().parse(one) if gap} for one in (text, SPANISH[name])
        )
        assert gaps == spanish, name


@pytest.mark.parametrize(
    ("asked", "accepted", "language"),
    [("es", "en-US", "es"), ("en", "es-MX", "en"), ("", "es-MX,en", "es"), ("", "de", "en"), ("fr", "", "en")],
)
def test_language_is_the_one_asked_for_or_else_the_browsers(asked: str, accepted: str, language: str) -> None:
    assert choose_language(asked, accepted) == language
