"""Proto message -> JSON: snake_case names, amounts as decimal strings, enums as words, absent as null.

What a field becomes depends on its descriptor alone, so it is worked out once for each message type: answers have
hundreds of fields, and reading descriptors again cost a quarter of a plan search.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import UTC
from functools import cache, lru_cache
from operator import attrgetter
from typing import Any

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message_factory import GetMessageClass

from chassis.contract import is_flattened
from gateway.api.json_values import MONEY, TIMESTAMP, format_dollars
from gateway.edge.enum_names import enum_words

# Of each kind. A plan in a list has 3 kB, a line of a premium 1 kB: 32 MB of both at most.
PARTS_KEPT = 8_192

Render = Callable[[Any], Any]


def to_json(message: Any, *, keep: bool = False) -> Any:
    """Every field of the message, given or not, so that front ends find the same names each time.

    ``keep``: of parts without lists what was made lately is given out again, so nobody may change it; for answers that
    say nothing of a person.
    """
    return _message(message.DESCRIPTOR, keep)(message)


@cache
def _message(kind: Any, keep: bool) -> Render:
    if kind.full_name == MONEY:
        return lambda amount: format_dollars(amount.cents)
    if kind.full_name == TIMESTAMP:
        return _instant
    fields = [(field.name, _field(field, keep), is_flattened(field)) for field in kind.fields]

    def render(message: Any) -> dict[str, Any]:
        answer: dict[str, Any] = {}
        for name, read, flat in fields:
            if flat:  # the inner message's fields are where it would be
                answer.update(read(message) or {})
            else:
                answer[name] = read(message)
        return answer

    return _kept(kind, render) if keep and not any(field.is_repeated for field in kind.fields) else render


def _kept(kind: Any, render: Render) -> Render:
    read = GetMessageClass(kind).FromString
    by_content = lru_cache(PARTS_KEPT)(lambda content: render(read(content)))
    return lambda message: by_content(message.SerializeToString())


def _field(field: Any, keep: bool) -> Render:
    """From the message that holds the field to the field's JSON."""
    get, value, name = attrgetter(field.name), _value(field, keep), field.name
    if field.is_repeated:
        return (lambda holder: [value(item) for item in get(holder)]) if value else (lambda holder: list(get(holder)))
    if field.has_presence:
        given = value or (lambda found: found)
        return lambda holder: given(get(holder)) if holder.HasField(name) else None
    return (lambda holder: value(get(holder))) if value else get


def _value(field: Any, keep: bool) -> Render | None:
    """From one value to its JSON; None where JSON has it as it is."""
    if field.type == FieldDescriptor.TYPE_MESSAGE:
        return _later(field.message_type, keep)
    if field.type == FieldDescriptor.TYPE_ENUM:
        words = {number: word for word, number in enum_words(field.enum_type).items()}
        return words.get
    if field.type == FieldDescriptor.TYPE_BYTES:
        return lambda content: base64.b64encode(content).decode("ascii")
    return None


def _later(kind: Any, keep: bool) -> Render:
    """Worked out at the first call: a message may hold its own kind."""
    known: list[Render] = []

    def render(message: Any) -> Any:
        if not known:
            known.append(_message(kind, keep))
        return known[0](message)

    return render


def _instant(timestamp: Any) -> str:
    written: str = timestamp.ToDatetime(tzinfo=UTC).isoformat(timespec="milliseconds")
    return written.replace("+00:00", "Z")
