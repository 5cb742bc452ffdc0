"""From a proto message to its domain value."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import UTC, date, datetime
from enum import StrEnum
from operator import attrgetter
from typing import Any, ClassVar, Generic, TypeVar

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from chassis.kernel import Money
from chassis.mapping.problems import AnswerProblems, Problems
from chassis.mapping.shapes import REST, Shape, enum_numbers, field_shapes

M = TypeVar("M", bound=Message)
T = TypeVar("T")
_Read = Callable[[Any, Problems, str], Any]
"""From a value, where problems go, and the value's path."""
_ANSWER = AnswerProblems()


class FromProto(Generic[M, T]):
    """Calling it with a ``message`` gives its ``target``. Fields of the same name are copied: texts without the spaces
    around them, ISO text as dates, enums by their words, Money, times, and messages inside by a mapper of their own.
    An optional field of the target is None where the message has none.

    ``by_hand``: how a field of the target is made from the message; a text names the message's field that is copied
    instead, and one with a dot a plain value that lies deeper (``"county.fips"``).
    ``at_call``: fields of the target that every call gives by keyword.
    ``unread``: fields of the message that the target does not have. ``left``: fields of the target that keep defaults.
    Raises TypeError when it is built, if a field of either side is in none of these.
    """

    declared: ClassVar[dict[tuple[str, type], list[FromProto[Any, Any]]]] = {}
    """All of the process: a message inside another goes by the mapper of its pair, which has to stand before it."""

    def __init__(
        self,
        message: type[M],
        target: type[T],
        *,
        at_call: Collection[str] = (),
        unread: Collection[str] = (),
        left: Collection[str] = (),
        **by_hand: Callable[[M], object] | str,
    ) -> None:
        self.message, self.target, self.unread = message, target, frozenset(unread)
        self._at_call = frozenset(at_call)
        renamed = {name: made for name, made in by_hand.items() if isinstance(made, str) and "." not in made}
        self._by_hand: list[tuple[str, Callable[[Any], Any]]] = [
            (name, attrgetter(made) if isinstance(made, str) else made)
            for name, made in by_hand.items()
            if name not in renamed
        ]
        fields, shapes = message.DESCRIPTOR.fields_by_name, field_shapes(target)
        self.by_name = [name for name in shapes if name not in {*self._at_call, *dict(self._by_hand), *left}]
        self._sources = {name: renamed.get(name, name) for name in self.by_name}
        read = {made.partition(".")[0] for made in by_hand.values() if isinstance(made, str)}
        self._check_lists({*self._at_call, *by_hand, *left} - set(shapes), "fields of the target that it lacks")
        self._check_lists(set(self._sources.values()) - set(fields), "fields of the target without a partner")
        if unread is not REST:
            taken = {*self.by_name, *self._at_call, *by_hand, *read, *unread} - renamed.keys()
            self._check_lists(set(unread) - set(fields), "fields of the message that it lacks")
            self._check_lists(set(fields) - taken, "forgotten fields")
        self._fields = [(name, _field(fields[origin], shapes[name])) for name, origin in self._sources.items()]
        self.plain = not (at_call or by_hand or unread or left)
        others = FromProto.declared.setdefault((message.DESCRIPTOR.full_name, target), [])
        if others and self.plain != others[0].plain:
            self._check_lists(self.by_name, "used before it was declared; fields")
        others.append(self)

    @property
    def reads(self) -> frozenset[str]:
        """Full names of the fields of the message that it copies by name."""
        return frozenset(f"{self.message.DESCRIPTOR.full_name}.{name}" for name in self._sources.values())

    def __call__(self, message: M, problems: Problems = _ANSWER, path: str = "", **given: object) -> T:
        """``path``: of the message in its request, with a dot at the end; problems are told below it."""
        values: dict[str, Any] = {name: read(message, problems, path) for name, read in self._fields}
        for name, make in self._by_hand:
            values[name] = make(message)
        if self._at_call or given:
            self._check_lists(self._at_call ^ given.keys(), "fields that a call has to give, and no others")
            values.update(given)
        return self.target(**values)

    def _check_lists(self, names: Collection[str], what: str) -> None:
        if names:
            pair = f"{self.message.DESCRIPTOR.full_name} -> {self.target.__name__}"
            raise TypeError(f"{pair}: {what}: {', '.join(sorted(names))}")


def _field(field: Any, shape: Shape) -> _Read:
    """From the message that holds the field to the target's value."""
    if field.is_repeated != (shape.items_in is not None):
        raise TypeError(f"{field.full_name} is a list on one side only")
    get, read, name = attrgetter(field.name), _value(field, shape), field.name
    if into := shape.items_in:
        return lambda holder, problems, path: into(
            read(item, problems, f"{path}{name}[{index}]") for index, item in enumerate(get(holder))
        )
    if shape.optional and field.has_presence:
        return lambda holder, problems, path: (
            read(get(holder), problems, path + name) if holder.HasField(name) else None
        )
    return lambda holder, problems, path: read(get(holder), problems, path + name)


def _value(field: Any, shape: Shape) -> _Read:
    kind = shape.kind
    if field.type == FieldDescriptor.TYPE_MESSAGE:
        return _message(field, kind)
    if field.type == FieldDescriptor.TYPE_ENUM and issubclass(kind, StrEnum):
        return _enum(field, kind, shape.optional)
    if field.type == FieldDescriptor.TYPE_STRING and kind is date:
        optional = shape.optional
        return lambda text, problems, path: (problems.day if optional else problems.required_day)(path, text.strip())
    if field.type == FieldDescriptor.TYPE_STRING and kind is str:
        return lambda text, _problems, _path: text.strip()
    if kind in (int, bool, bytes):
        return lambda value, _problems, _path: value
    raise TypeError(f"{field.full_name}: no {kind.__name__} comes out of it; convert it by hand")


def _enum(field: Any, kind: type[StrEnum], optional: bool) -> _Read:
    """UNSPECIFIED is None where there may be none; a number that this release does not know is refused."""
    words: dict[int, StrEnum] = {number: word for word, number in enum_numbers(kind, field.enum_type).items()}

    def read(number: int, problems: Problems, path: str) -> StrEnum | None:
        if number not in words and not (optional and number == 0):
            problems.refuse(path, f"Choose one of: {', '.join(kind)}.")
        return words.get(number, None if optional else next(iter(kind)))

    return read


def _message(field: Any, kind: type) -> _Read:
    if kind is Money:
        return lambda amount, problems, path: problems.money(path, amount.cents)
    if kind is datetime:
        return lambda stamp, _problems, _path: stamp.ToDatetime(UTC)
    key = field.message_type.full_name, kind
    declared = FromProto.declared.get(key) or [FromProto(GetMessageClass(field.message_type), kind)]
    if len(declared) > 1 and not declared[0].plain:
        raise TypeError(f"{field.full_name}: {kind.__name__} has several mappers; convert it by hand")
    inner = declared[0]
    return lambda message, problems, path: inner(message, problems, f"{path}.")
