"""From a domain value to its proto message."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar, Generic, TypeVar

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from google.protobuf.timestamp_pb2 import Timestamp
from suite.common.v1 import common_pb2

from chassis.kernel import Money
from chassis.mapping.shapes import REST, Shape, enum_numbers, field_shapes, property_shapes
from chassis.mapping.source import FunctionSource

S = TypeVar("S")
M = TypeVar("M", bound=Message)
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
    """All of the process: a message inside another is copied by its pair's mapper, declared before it."""

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
        self.source, self.message = source, message
        fields, known = message.DESCRIPTOR.fields_by_name, field_shapes(source)
        functions = {name: made for name, made in by_hand.items() if not isinstance(made, str)}
        deeper = {name: made for name, made in by_hand.items() if isinstance(made, str) and "." in made}
        renamed = {name: made for name, made in by_hand.items() if isinstance(made, str) and "." not in made}
        by_name = [name for name in fields if name not in {*at_call, *by_hand, *unset}]
        self._check_lists({*at_call, *by_hand, *unset} - set(fields), "fields of the message that it lacks")
        if unsent is not REST:
            read = {*renamed.values(), *(made.partition(".")[0] for made in deeper.values())}
            self._check_lists(set(unsent) - set(known), "fields of the source that it lacks")
            self._check_lists(set(known) - {*fields, *read, *unsent}, "forgotten fields")
        copied = dict(zip(by_name, by_name, strict=True)) | renamed
        shapes = property_shapes(source) | known
        self._check_lists(set(copied.values()) - set(shapes), "fields of the message without a partner")
        self.plain = not (at_call or by_hand or unset or unsent)
        code = FunctionSource(self._title)
        expressions = {
            **{name: _field(code, fields[name], shapes[origin], f"_value.{origin}") for name, origin in copied.items()},
            **{name: f"_value.{path}" for name, path in deeper.items()},
            **{name: f"{code.name(make)}(_value)" for name, make in functions.items()},
            **{name: name for name in at_call},
        }
        self.convert = code.compile(["_value"], sorted(at_call), message, expressions)
        """As a call, for mappers of messages that hold this one."""
        others = ToProto.declared.setdefault((source, message.DESCRIPTOR.full_name), [])
        if others and self.plain != others[0].plain:
            self._check_lists(by_name, "used before it was declared; fields")
        others.append(self)

    def __call__(self, value: S, **given: object) -> M:
        message: M = self.convert(value, **given)
        return message

    @property
    def _title(self) -> str:
        return f"{self.source.__name__} -> {self.message.DESCRIPTOR.full_name}"

    def _check_lists(self, names: Collection[str], what: str) -> None:
        if names:
            raise TypeError(f"{self._title}: {what}: {', '.join(sorted(names))}")


def timestamp_to_proto(moment: datetime) -> Timestamp:
    stamp = Timestamp()
    stamp.FromDatetime(moment)
    return stamp


def _field(code: FunctionSource, field: Any, shape: Shape, attribute: str) -> str:
    """The expression of a field's value; ``attribute`` is the expression of what it is made from."""
    if field.is_repeated != (shape.items_in is not None):
        raise TypeError(f"{field.full_name} is a list on one side only")
    template = _template(code, field, shape.kind)
    if template == "{}":
        return attribute
    if field.is_repeated:
        return f"[{template.format('one')} for one in {attribute}]"
    if shape.optional:
        return f"None if (one := {attribute}) is None else {template.format('one')}"
    return template.format(attribute)


def _template(code: FunctionSource, field: Any, kind: type) -> str:
    """How one value is converted, with a place for it; the place alone where the message takes it as it is."""
    if field.type == FieldDescriptor.TYPE_MESSAGE:
        return _message(code, field, kind)
    if field.type == FieldDescriptor.TYPE_ENUM and issubclass(kind, StrEnum):
        return f"{code.name(enum_numbers(kind, field.enum_type))}[{{}}]"
    if field.type == FieldDescriptor.TYPE_STRING and kind is date:
        return "{}.isoformat()"
    plain = _PLAIN.get(field.type)
    if plain and issubclass(kind, plain) and (kind is bool) == (plain is bool):
        return "{}"
    raise TypeError(f"{field.full_name}: no {kind.__name__} goes into it; convert it by hand")


def _message(code: FunctionSource, field: Any, kind: type) -> str:
    name = field.message_type.full_name
    if kind is Money and name == common_pb2.Money.DESCRIPTOR.full_name:
        return f"{code.name(common_pb2.Money)}(cents={{}}.cents)"
    if kind is datetime and name == Timestamp.DESCRIPTOR.full_name:
        return f"{code.name(timestamp_to_proto)}({{}})"
    declared = ToProto.declared.get((kind, name)) or [ToProto(kind, GetMessageClass(field.message_type))]
    if len(declared) > 1 and not declared[0].plain:
        raise TypeError(f"{field.full_name}: {kind.__name__} has several mappers; convert it by hand")
    return f"{code.name(declared[0].convert)}({{}})"
