"""Numbers that forms and addresses hold: nothing that anybody sends is an error of ours."""

from __future__ import annotations

import pytest

from gateway.pages.render import parse_number


def test_a_number_is_read() -> None:
    assert parse_number("17") == 17


@pytest.mark.parametrize(
    "text", ["", "x", "-1", "1.5", "\N{SUPERSCRIPT TWO}", "\N{ARABIC-INDIC DIGIT ONE}", "9" * 10, "9" * 5000]
)
def test_anything_else_is_what_was_said_otherwise(text: str) -> None:
    assert parse_number(text, otherwise=-1) == -1
