"""Bounds of a field of a contract, as the attributes of the HTML input in which it is typed."""

from __future__ import annotations

from html import escape

from google.protobuf import descriptor_pool

from chassis.bounds import Bounds, bounds_of
from chassis.kernel import Money


def input_attributes(message: str, field: str) -> str:
    """``input_attributes("suite.quote.v1.Member", "first_name")`` is `` maxlength="60"``; empty without bounds.

    A browser shows ``title`` with its own words when a text does not match the pattern. Money is typed in dollars.
    """
    found = bounds_of(descriptor_pool.Default().FindMessageTypeByName(message).fields_by_name[field])
    if found is None:
        return ""
    values = {
        "minlength": found.min_length,
        "maxlength": found.max_length,
        "pattern": found.pattern,
        "title": found.pattern_advice or None,
        "min": _typed(found, found.minimum),
        "max": _typed(found, found.maximum),
    }
    return "".join(f' {name}="{escape(str(value))}"' for name, value in values.items() if value is not None)


def _typed(bounds: Bounds, number: int | None) -> str | None:
    if number is None:
        return None
    return f"{Money(number).dollars:.2f}" if bounds.is_money else str(number)
