"""How enum values are written in JSON and on pages: ``COVERAGE_MEDICAL`` is "medical"."""

from __future__ import annotations

from functools import cache
from typing import Any

from chassis.contract import snake_case


@cache
def enum_words(enum: Any) -> dict[str, int]:
    """``COVERAGE_MEDICAL`` is "medical"; the zero value has no word, it is null."""
    prefix = enum_prefix(enum)
    return {value.name.removeprefix(prefix).lower(): value.number for value in enum.values if value.number != 0}


def enum_prefix(enum: Any) -> str:
    return snake_case(enum.name).upper() + "_"


def enum_word(enum: Any, number: int) -> str | None:
    return next((word for word, value in enum_words(enum).items() if value == number), None)
