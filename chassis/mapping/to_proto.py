"""From a domain value to its proto message."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date, datetime
from enum import StrEnum
from operator import attrgetter
from typing import Any, ClassVar, Generic, TypeVar

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from google.protobuf.timestamp_pb2 import Timestamp
from suite.common.v1 import common_pb2

from chassis.kernel import Money
from chassis.mapping.shapes import REST, Shape, enum_numbers, field_shapes, property_shapes

S = TypeVar("S")
M = TypeVar("M", bound=Message)
_Convert = Callable[[Any], Any]
_INTEGERS = (FieldDescriptor.TYPE_INT32, FieldDescriptor.TYPE_INT64)
_PLAIN = {
    FieldDescriptor.TYPE_STRING: str,
    FieldDescriptor.TYPE_BOOL: bool,
    FieldDescriptor.TYPE_BYTES: bytes,
    **dict.fromkeys(_INTEGERS, int),
}


class ToProto(Generic[S, M]):
    """Calling it with a ``source`` gives its ``message``. Attributes of the same name are copied: dates as ISO text,
    enums by their words, Money, times, and dataclasses inside by a mapper of their own; None is a field not given.

    ``by_hand``: how a field of the message is made from the source; a text names the attribute that is copied instead,
    and one with a dot a plain value that lies deeper (``"producer.state"``).
    ``at_call``: fields of the message that every call gives by keyword.
    ``unset``: fields of the message that stay empty. ``unsent``: fields of the source that the message does not have.
    Raises TypeError when it is built, if a field of either side is in none of these.
    """

    declared: ClassVar[dict[tuple[type, str], list[ToProto[Any, Any]]]] = {}
    """All of the process: a message inside another goes by the mapper of its pair, which has to stand before it."""

    def __init__(
        self,
        source: type[S],
        message: type[M],
        *,
        at_call: Collection[str] = (),
        unset: Collection[str] = (),
        unsent: Collection[str] = (),
        **by_hand: Callable[[S], object] | str,
    ) -> None:
        self.source, self.message, self.unset = source, message, frozenset(unset)
        self._at_call = frozenset(at_call)
        renamed = {name: made for name, made in by_hand.items() if isinstance(made, str) and "." not in made}
        self._by_hand: list[tuple[str, _Convert]] = [
            (name, attrgetter(made) if isinstance(made, str) else made)
            for name, made in by_hand.items()
            if name not in renamed
        ]
        fields = message.DESCRIPTOR.fields_by_name
        self.by_name = [name for name in fields if name not in {*self._at_call, *dict(self._by_hand), *unset}]
        known = field_shapes(source)
        read = {made.partition(".")[0] for made in by_hand.values() if isinstance(made, str)}
        self._check_lists({*self._at_call, *by_hand, *unset} - set(fields), "fields of the message that it lacks")
        if unsent is not REST:
            sent = {*fields, *read, *unsent}
            self._check_lists(set(unsent) - set(known), "fields of the source that it lacks")
            self._check_lists(set(known) - sent, "forgotten fields")
        shapes = property_shapes(source) | known
        sources = {name: renamed.get(name, name) for name in self.by_name}
        self._check_lists(set(sources.values()) - set(shapes), "fields of the message without a partner")
        self._converted = [
            (name, convert)
            for name, origin in sources.items()
            if (convert := _conversion(fields[name], shapes[origin]))
        ]
        self._read: Callable[[S], tuple[Any, ...]] = _reader(list(sources.values()))
        self.plain = not (at_call or by_hand or unset or unsent)
        others = ToProto.declared.setdefault((source, message.DESCRIPTOR.full_name), [])
        if others and self.plain != others[0].plain:
            self._check_lists(self.by_name, "used before it was declared; fields")
        others.append(self)

    @property
    def sets(self) -> frozenset[str]:
        """Full names of the fields of the message that it fills."""
        return frozenset(one.full_name for one in self.message.DESCRIPTOR.fields if one.name not in self.unset)

    def __call__(self, value: S, **given: object) -> M:
        fields: dict[str, Any] = dict(zip(self.by_name, self._read(value), strict=True))
        for name, convert in self._converted:
            one = fields[name]
            if one is not None:
                fields[name] = convert(one)
        for name, make in self._by_hand:
            fields[name] = make(value)
        if self._at_call or given:
            self._check_lists(self._at_call ^ given.keys(), "fields that a call has to give, and no others")
            fields.update(given)
        return self.message(**fields)

    def _check_lists(self, names: Collection[str], what: str) -> None:
        if names:
            pair = f"{self.source.__name__} -> {self.message.DESCRIPTOR.full_name}"
            raise TypeError(f"{pair}: {what}: {', '.join(sorted(names))}")


def money_to_proto(amount: Money) -> common_pb2.Money:
    return common_pb2.Money(cents=amount.cents)


def timestamp_to_proto(moment: datetime) -> Timestamp:
    stamp = Timestamp()
    stamp.FromDatetime(moment)
    return stamp


def _reader(names: list[str]) -> Callable[[Any], tuple[Any, ...]]:
    if len(names) > 1:
        return attrgetter(*names)
    return lambda value: tuple(getattr(value, name) for name in names)


def _conversion(field: Any, shape: Shape) -> _Convert | None:
    if field.is_repeated != (shape.items_in is not None):
        raise TypeError(f"{field.full_name} is a list on one side only")
    one = _one(field, shape.kind)
    if field.is_repeated and one:
        return lambda items: [one(item) for item in items]
    return one


def _one(field: Any, kind: type) -> _Convert | None:
    """None where the message takes the value as it is."""
    if field.type == FieldDescriptor.TYPE_MESSAGE:
        return _message(field, kind)
    if field.type == FieldDescriptor.TYPE_ENUM and issubclass(kind, StrEnum):
        return enum_numbers(kind, field.enum_type).__getitem__
    if field.type == FieldDescriptor.TYPE_STRING and kind is date:
        return date.isoformat
    plain = _PLAIN.get(field.type)
    if plain and issubclass(kind, plain) and (kind is bool) == (plain is bool):
        return None
    raise TypeError(f"{field.full_name}: no {kind.__name__} goes into it; convert it by hand")


def _message(field: Any, kind: type) -> _Convert:
    name = field.message_type.full_name
    if kind is Money and name == common_pb2.Money.DESCRIPTOR.full_name:
        return money_to_proto
    if kind is datetime and name == Timestamp.DESCRIPTOR.full_name:
        return timestamp_to_proto
    declared = ToProto.declared.get((kind, name)) or [ToProto(kind, GetMessageClass(field.message_type))]
    if len(declared) > 1 and not declared[0].plain:
        raise TypeError(f"{field.full_name}: {kind.__name__} has several mappers; convert it by hand")
    return declared[0]
