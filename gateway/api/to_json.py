"""Proto message -> JSON: snake_case names, amounts as decimal strings, enums as words, absent as null."""

from __future__ import annotations

import base64
from datetime import UTC
from typing import Any

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from chassis.contract import is_flattened
from gateway.api.words import MONEY, TIMESTAMP, dollars, enum_word


def to_json(message: Any) -> Any:
    """Every field of the message, given or not, so that front ends find the same names each time."""
    kind = message.DESCRIPTOR.full_name
    if kind == MONEY:
        return dollars(message.cents)
    if kind == TIMESTAMP:
        return message.ToDatetime(tzinfo=UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    answer: dict[str, Any] = {}
    for field in message.DESCRIPTOR.fields:
        value = _field(message, field)
        answer |= value if is_flattened(field) else {field.name: value}
    return answer


def _field(message: Message, field: Any) -> Any:
    value: Any = getattr(message, field.name)
    if field.is_repeated:
        return [_value(field, item) for item in value]
    if field.has_presence and not message.HasField(field.name):
        return None
    return _value(field, value)


def _value(field: Any, value: Any) -> Any:
    if field.type == FieldDescriptor.TYPE_MESSAGE:
        return to_json(value)
    if field.type == FieldDescriptor.TYPE_ENUM:
        return enum_word(field.enum_type, value)
    if field.type == FieldDescriptor.TYPE_BYTES:
        return base64.b64encode(value).decode("ascii")
    return value
