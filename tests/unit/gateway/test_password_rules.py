"""Which passwords are refused, and that nothing else about them is asked."""

from __future__ import annotations

import pytest

from chassis.kernel import InvalidInput
from gateway.identity.password_rules import LONGEST, SHORTEST, refuse_weak_password

PERSON = ("calvin.fritz@example.com", "Calvin Fritz")


def is_refused(password: str) -> bool:
    try:
        refuse_weak_password(password, "new_password", PERSON)
    except InvalidInput as wrong:
        assert [one.field for one in wrong.problems] == ["new_password"]
        return True
    return False


@pytest.mark.parametrize(
    "password",
    [
        *("", "a" * (SHORTEST - 1), "x" * (LONGEST + 1), "password", "Password1", "12345678", "qwertyui", "iloveyou1"),
        *("calvinfritz", "Fritz2026", "abcdefgh", "20260101", "aaaaaaaa"),
    ],
)
def test_a_password_that_is_short_long_or_soon_guessed_is_refused(password: str) -> None:
    assert is_refused(password)


@pytest.mark.parametrize(
    "password", ["vx7#Kq2m", "correct horse battery staple", "  blanks count  ", "пароль из слов", "🦊🦉 forest 91"]
)
def test_any_characters_make_a_password(password: str) -> None:
    assert not is_refused(password)


def test_long_passwords_are_not_cut_before_they_are_judged() -> None:
    assert not is_refused("long words, many of them; " * 9)
