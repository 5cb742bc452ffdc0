"""Proto message -> JSON: snake_case names, amounts as decimal strings, enums as words, absent as null.

What a field becomes depends on its descriptor alone, so it is worked out once for each message type: answers have
hundreds of fields, and reading descriptors again cost a quarter of a plan search.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import UTC
from functools import cache
from operator import attrgetter
from typing import Any

from google.protobuf.descriptor import FieldDescriptor

from chassis.contract import is_flattened
from gateway.api.json_values import MONEY, TIMESTAMP, format_dollars
from gateway.edge.enum_names import enum_words

Render = Callable[[Any], Any]


def to_json(message: Any) -> Any:
    """Every field of the message, given or not, so that front ends find the same names each time."""
    return _message(message.DESCRIPTOR)(message)


@cache
def _message(kind: Any) -> Render:
    if kind.full_name == MONEY:
        return lambda amount: format_dollars(amount.cents)
    if kind.full_name == TIMESTAMP:
        return _instant
    fields = [(field.name, _field(field), is_flattened(field)) for field in kind.fields]

    def render(message: Any) -> dict[str, Any]:
        answer: dict[str, Any] = {}
        for name, read, flat in fields:
            if flat:  # the inner message's fields are where it would be
                answer.update(read(message) or {})
            else:
                answer[name] = read(message)
        return answer

    return render


def _field(field: Any) -> Render:
    """From the message that holds the field to the field's JSON."""
    get, value, name = attrgetter(field.name), _value(field), field.name
    if field.is_repeated:
        return (lambda holder: [value(item) for item in get(holder)]) if value else (lambda holder: list(get(holder)))
    if field.has_presence:
        given = value or (lambda found: found)
        return lambda holder: given(get(holder)) if holder.HasField(name) else None
    return (lambda holder: value(get(holder))) if value else get


def _value(field: Any) -> Render | None:
    """From one value to its JSON; None where JSON has it as it is."""
    if field.type == FieldDescriptor.TYPE_MESSAGE:
        return _later(field.message_type)
    if field.type == FieldDescriptor.TYPE_ENUM:
        words = {number: word for word, number in enum_words(field.enum_type).items()}
        return words.get
    if field.type == FieldDescriptor.TYPE_BYTES:
        return lambda content: base64.b64encode(content).decode("ascii")
    return None


def _later(kind: Any) -> Render:
    """Worked out at the first call: a message may hold its own kind."""
    known: list[Render] = []

    def render(message: Any) -> Any:
        if not known:
            known.append(_message(kind))
        return known[0](message)

    return render


def _instant(timestamp: Any) -> str:
    written: str = timestamp.ToDatetime(tzinfo=UTC).isoformat(timespec="milliseconds")
    return written.replace("+00:00", "Z")
