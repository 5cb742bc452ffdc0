"""Reads answers of the HTTP API as a client would that has only its documentation, and none of the gateway's code."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, TypeVar

from google.protobuf import json_format
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp
from suite.common.v1 import common_pb2

M = TypeVar("M", bound=Message)


def read_answer(kind: type[M], answer: Any) -> M:
    """The message that the answer tells of. Raises ValueError for a name that is missing or that nobody knows."""
    return json_format.ParseDict(_proto3_json(kind.DESCRIPTOR, answer), kind())


def _proto3_json(kind: Any, data: Any) -> Any:
    if kind is common_pb2.Money.DESCRIPTOR:
        return {"cents": int(Decimal(data) * 100)}
    if kind is Timestamp.DESCRIPTOR:
        return data
    names = {name for field in kind.fields for name in _names(field)}
    if names != set(data):
        raise ValueError(f"{kind.full_name}: {', '.join(sorted(names ^ set(data)))}")
    return {
        field.name: _field(field, {name: data[name] for name in _names(field)})
        for field in kind.fields
        if _is_flattened(field) or data[field.name] is not None
    }


def _names(field: Any) -> list[str]:
    """Under which the field stands in its message's object: of a flattened one those that its message has."""
    if not _is_flattened(field):
        return [field.name]
    return [name for inner in field.message_type.fields for name in _names(inner)]


def _is_flattened(field: Any) -> bool:
    return bool(field.GetOptions().Extensions[common_pb2.flattened])


def _field(field: Any, data: dict[str, Any]) -> Any:
    if _is_flattened(field):
        return _proto3_json(field.message_type, data)
    found = data[field.name]
    return [_value(field, item) for item in found] if field.is_repeated else _value(field, found)


def _value(field: Any, value: Any) -> Any:
    if field.message_type:
        return _proto3_json(field.message_type, value)
    return _enum_name(field.enum_type, value) if field.enum_type else value


def _enum_name(enum: Any, word: str) -> str:
    """``medical`` -> COVERAGE_MEDICAL: every enum begins with its name and UNSPECIFIED."""
    unspecified: str = enum.values_by_number[0].name
    return unspecified.removesuffix("UNSPECIFIED") + word.upper()
