"""What a mapper has to know of both sides: the fields of a domain class with their types, the words of a proto enum."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from google.protobuf.descriptor import EnumDescriptor

REST: Collection[str] = ("*",)
"""As ``unsent`` or ``unread``: one side is a part of the other on purpose, such as an event of an application."""
_SEQUENCES = (tuple, list, frozenset)


@dataclass(frozen=True, slots=True)
class Shape:
    """Of one field: ``kind`` is its class, or that of its items where it is a sequence (``items_in``)."""

    kind: type
    optional: bool
    items_in: type | None = None


def field_shapes(owner: type) -> dict[str, Shape]:
    """Of the fields of a dataclass or NamedTuple, in their order."""
    hints = typing.get_type_hints(owner)
    if dataclasses.is_dataclass(owner):
        return {field.name: _shape(hints[field.name]) for field in dataclasses.fields(owner)}
    names: tuple[str, ...] = getattr(owner, "_fields", ())
    return {name: _shape(hints[name]) for name in names}


def property_shapes(owner: type) -> dict[str, Shape]:
    found = {name: value for base in reversed(owner.__mro__) for name, value in vars(base).items()}
    return {
        name: _shape(typing.get_type_hints(one.fget)["return"])
        for name, one in found.items()
        if isinstance(one, property) and not name.startswith("_")
    }


def _shape(hint: Any) -> Shape:
    options = [one for one in typing.get_args(hint) if one is not types.NoneType]
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        inner = _shape(options[0]) if len(options) == 1 else Shape(object, optional=False)
        return dataclasses.replace(inner, optional=types.NoneType in typing.get_args(hint))
    origin = typing.get_origin(hint)
    if origin in _SEQUENCES and options:
        return dataclasses.replace(_shape(options[0]), items_in=origin)
    return Shape(hint if isinstance(hint, type) else object, optional=False)


@cache
def enum_numbers(kind: type[StrEnum], enum: EnumDescriptor) -> dict[StrEnum, int]:
    """``FormType.DENTAL`` -> FORM_TYPE_DENTAL. Raises TypeError where the proto lacks a word of the domain."""
    prefix = enum.values_by_number[0].name.removesuffix("UNSPECIFIED")
    numbers = {value.name.removeprefix(prefix).lower(): value.number for value in enum.values}
    if missing := [member for member in kind if member.value not in numbers]:
        raise TypeError(f"{enum.full_name} has no {', '.join(missing)}")
    return {member: numbers[member.value] for member in kind}
