"""Messages with something in every field, made from their descriptors: a field that is new tomorrow is in them too."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from google.protobuf.timestamp_pb2 import Timestamp

# Of each list, so that an item that is dropped or repeated shows.
ITEMS = 2
_FIRST_MOMENT = 1_779_300_000


Texts = Callable[[str, int], str]
"""From the name of a field and a number to a text."""


def plain_text(name: str, number: int) -> str:
    return f"{name}-{number}"


def filled_messages(kind: Descriptor, texts: Texts = plain_text, first: int = 1) -> list[Message]:
    """Together they hold each field, each word of an enum and each choice of a oneof; no two texts or numbers of one
    are alike, which are counted from ``first``. What may be absent is there with its default in every second one.
    """
    return [_Filling(turn, texts, first).message(kind) for turn in range(_turns(kind, set()))]


def _turns(kind: Descriptor, seen: set[str]) -> int:
    """As many as the longest enum has words, or the largest oneof choices; at least both answers of a yes-or-no."""
    if kind.full_name in seen:
        return 2
    seen.add(kind.full_name)
    words = [len(field.enum_type.values) - 1 for field in kind.fields if field.enum_type]
    choices = [len(oneof.fields) for oneof in kind.oneofs]
    below = [_turns(field.message_type, seen) for field in kind.fields if field.message_type]
    return max([2, *words, *choices, *below])


class _Filling:
    def __init__(self, turn: int, texts: Texts, first: int) -> None:
        self._turn, self._texts = turn, texts
        self._numbers = count(first)

    def message(self, kind: Descriptor) -> Message:
        message = GetMessageClass(kind)()
        for field in self._chosen(kind):
            if field.is_repeated:
                getattr(message, field.name).extend(self._value(field) for _ in range(ITEMS))
            elif field.message_type:
                getattr(message, field.name).CopyFrom(self._value(field))
            else:
                setattr(message, field.name, self._value(field))
        return message

    def _chosen(self, kind: Descriptor) -> Iterator[FieldDescriptor]:
        left_out = {
            field.name
            for oneof in kind.oneofs
            for place, field in enumerate(oneof.fields)
            if place != self._turn % len(oneof.fields)
        }
        return (field for field in kind.fields if field.name not in left_out)

    def _value(self, field: FieldDescriptor) -> Any:
        number = next(self._numbers)
        if field.has_presence and not field.message_type and self._turn % 2:
            return field.default_value
        if field.message_type:
            return self._inner(field.message_type, number)
        if field.enum_type:
            words = field.enum_type.values[1:]
            return words[(self._turn + number) % len(words)].number
        return {
            FieldDescriptor.TYPE_STRING: self._texts(field.name, number),
            FieldDescriptor.TYPE_BYTES: f"{field.name} {number}".encode() + b"\x00\xff",
            FieldDescriptor.TYPE_BOOL: True,
            FieldDescriptor.TYPE_INT32: number,
            FieldDescriptor.TYPE_INT64: 10_000_000 + number,
        }[field.type]

    def _inner(self, kind: Descriptor, number: int) -> Message:
        if kind.full_name != Timestamp.DESCRIPTOR.full_name:
            return self.message(kind)
        # the HTTP API tells an instant to the millisecond; the bus would take nanoseconds
        return Timestamp(seconds=_FIRST_MOMENT + number, nanos=number * 1_000_000)
