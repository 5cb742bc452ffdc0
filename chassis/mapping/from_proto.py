"""From a proto message to its domain value."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, ClassVar, Generic, TypeVar

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from chassis.kernel import Money
from chassis.mapping.problems import AnswerProblems, Problems
from chassis.mapping.shapes import REST, Shape, enum_numbers, field_shapes
from chassis.mapping.source import FunctionSource

M = TypeVar("M", bound=Message)
T = TypeVar("T")
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
    """All of the process: a message inside another is copied by its pair's mapper, declared before it."""

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
        self.message, self.target = message, target
        fields, shapes = message.DESCRIPTOR.fields_by_name, field_shapes(target)
        functions = {name: made for name, made in by_hand.items() if not isinstance(made, str)}
        deeper = {name: made for name, made in by_hand.items() if isinstance(made, str) and "." in made}
        renamed = {name: made for name, made in by_hand.items() if isinstance(made, str) and "." not in made}
        by_name = [name for name in shapes if name not in {*at_call, *by_hand, *left}]
        copied = dict(zip(by_name, by_name, strict=True)) | renamed
        self._check_lists({*at_call, *by_hand, *left} - set(shapes), "fields of the target that it lacks")
        self._check_lists(set(copied.values()) - set(fields), "fields of the target without a partner")
        if unread is not REST:
            read = {*copied.values(), *(made.partition(".")[0] for made in deeper.values())}
            self._check_lists(set(unread) - set(fields), "fields of the message that it lacks")
            self._check_lists(set(fields) - {*read, *at_call, *functions, *unread}, "forgotten fields")
        self.plain = not (at_call or by_hand or unread or left)
        code = FunctionSource(self._title)
        expressions = {
            **{name: _field(code, fields[origin], shapes[name]) for name, origin in copied.items()},
            **{name: f"_message.{path}" for name, path in deeper.items()},
            **{name: f"{code.name(make)}(_message)" for name, make in functions.items()},
            **{name: name for name in at_call},
        }
        self.convert = code.compile(["_message", "_problems", "_path"], sorted(at_call), target, expressions)
        """As a call with all three, for mappers of messages that hold this one."""
        others = FromProto.declared.setdefault((message.DESCRIPTOR.full_name, target), [])
        if others and self.plain != others[0].plain:
            self._check_lists(by_name, "used before it was declared; fields")
        others.append(self)

    def __call__(self, message: M, problems: Problems = _ANSWER, path: str = "", **given: object) -> T:
        """``path``: of the message in its request, with a dot at the end; problems are reported below it."""
        target: T = self.convert(message, problems, path, **given)
        return target

    @property
    def _title(self) -> str:
        return f"{self.message.DESCRIPTOR.full_name} -> {self.target.__name__}"

    def _check_lists(self, names: Collection[str], what: str) -> None:
        if names:
            raise TypeError(f"{self._title}: {what}: {', '.join(sorted(names))}")


def _field(code: FunctionSource, field: Any, shape: Shape) -> str:
    """The expression of the target's value."""
    if field.is_repeated != (shape.items_in is not None):
        raise TypeError(f"{field.full_name} is a list on one side only")
    name = field.name
    if shape.items_in:
        one = _value(code, field, shape, "one", f'f"{{_path}}{name}[{{place}}]"')
        items = f"place, one in enumerate(_message.{name})" if "{place}" in one else f"one in _message.{name}"
        return f"{code.name(shape.items_in)}([{one} for {items}])"
    value = _value(code, field, shape, f"_message.{name}", f'f"{{_path}}{name}"')
    return f'({value}) if _message.HasField("{name}") else None' if shape.optional and field.has_presence else value


def _value(code: FunctionSource, field: Any, shape: Shape, one: str, path: str) -> str:
    """The expression of a value that is made from ``one``; ``path`` is the expression of its path."""
    kind = shape.kind
    if field.type == FieldDescriptor.TYPE_MESSAGE:
        return _message(code, field, kind, one, path)
    if field.type == FieldDescriptor.TYPE_ENUM and issubclass(kind, StrEnum):
        words, refuse = _enum(field, kind, shape.optional)
        known = code.name(words)
        return f"{known}[word] if (word := {one}) in {known} else {code.name(refuse)}(_problems, {path})"
    if field.type == FieldDescriptor.TYPE_STRING and kind is date:
        return f"_problems.{'day' if shape.optional else 'required_day'}({path}, {one}.strip())"
    if field.type == FieldDescriptor.TYPE_STRING and kind is str:
        return f"{one}.strip()"
    if kind in (int, bool, bytes):
        return one
    raise TypeError(f"{field.full_name}: no {kind.__name__} comes out of it; convert it by hand")


def _enum(
    field: Any, kind: type[StrEnum], optional: bool
) -> tuple[dict[int, StrEnum | None], Callable[[Problems, str], StrEnum | None]]:
    """The words by their numbers, and the refusal of another number: one that this release does not know, or
    UNSPECIFIED where there has to be a word.
    """
    words: dict[int, StrEnum | None] = {number: word for word, number in enum_numbers(kind, field.enum_type).items()}
    if optional:
        words[0] = None

    def refuse(problems: Problems, path: str) -> StrEnum | None:
        problems.refuse(path, f"Choose one of: {', '.join(kind)}.")
        return None if optional else next(iter(kind))

    return words, refuse


def _message(code: FunctionSource, field: Any, kind: type, one: str, path: str) -> str:
    if kind is Money:
        return f"_problems.money({path}, {one}.cents)"
    if kind is datetime:
        return f"{one}.ToDatetime({code.name(UTC)})"
    key = field.message_type.full_name, kind
    declared = FromProto.declared.get(key) or [FromProto(GetMessageClass(field.message_type), kind)]
    if len(declared) > 1 and not declared[0].plain:
        raise TypeError(f"{field.full_name}: {kind.__name__} has several mappers; convert it by hand")
    return f'{code.name(declared[0].convert)}({one}, _problems, {path[:-1]}.")'
