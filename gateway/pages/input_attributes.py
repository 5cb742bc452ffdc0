"""Bounds of a field of a contract, as the attributes of the HTML input in which it is typed."""

from __future__ import annotations

from html import escape

from google.protobuf import descriptor_pool

from chassis.bounds import bounds_of


def input_attributes(message: str, field: str) -> str:
    """``input_attributes("suite.quote.v1.Member", "first_name")`` is `` maxlength="40"``; empty without bounds."""
    found = bounds_of(descriptor_pool.Default().FindMessageTypeByName(message).fields_by_name[field])
    if found is None:
        return ""
    values = {"maxlength": found.max_length, "pattern": found.pattern, "min": found.minimum, "max": found.maximum}
    return "".join(f' {name}="{escape(str(value))}"' for name, value in values.items() if value is not None)
