"""JSON -> proto message, strictly: an unknown name, a wrong type or a bad word is refused with the field's path.

Meaning is not judged here; that is the services' part. Messages never repeat what was sent.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import cache
from typing import Any

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from chassis.kernel import InvalidInput, Problem
from gateway.api.json_values import AMOUNT_ADVICE, MONEY, is_text, parse_cents
from gateway.edge.enum_names import enum_words

_INT_BITS = {FieldDescriptor.TYPE_INT32: 31, FieldDescriptor.TYPE_INT64: 63}
# A name that looks like a field may be repeated in the answer; anything else might be what a person typed.
_PLAIN_NAME = re.compile(r"[a-z][a-z0-9_]{0,40}", re.ASCII)


class _Wrong(Exception):
    """One value does not fit its field."""


def fill_message(message: Message, data: Any, *, closed: Collection[str] = ()) -> None:
    """Set the fields of ``message`` from parsed JSON; ``closed`` ones are given elsewhere (path, header).

    Raises InvalidInput that names every field that does not fit.
    """
    problems = _fill(message, data, "", closed)
    if problems:
        raise InvalidInput("Some fields of the request are not valid.", code="malformed", problems=tuple(problems))


def set_text(message: Message, path: str, text: str, name: str) -> None:
    """Set one field, which may lie deeper (``page.size``), from a query parameter or a path segment.

    A list takes one more item with each call; an amount is a decimal text.
    """
    *parents, last = path.split(".")
    target: Any = message
    for parent in parents:
        target = getattr(target, parent)
    field = target.DESCRIPTOR.fields_by_name[last]
    try:
        if field.message_type:
            _set_message(getattr(target, last), text, name)
        elif field.is_repeated:
            getattr(target, last).append(_from_text(field, text))
        else:
            setattr(target, last, _from_text(field, text))
    except _Wrong as wrong:
        problem = Problem(name, str(wrong))
        raise InvalidInput("Some fields of the request are not valid.", code="malformed", problems=(problem,)) from None


def _fill(message: Message, data: Any, path: str, closed: Collection[str] = ()) -> list[Problem]:
    if not isinstance(data, dict):
        return [Problem(path.rstrip("."), "Please send an object.")]
    problems: list[Problem] = []
    kind = message.DESCRIPTOR
    fields = _fields(kind)
    for name, value in data.items():
        if name not in fields or name in closed:
            shown = f"{path}{name}" if _PLAIN_NAME.fullmatch(name) else path.rstrip(".")
            problems.append(Problem(shown, "This field is not recognized. Check the spelling or leave it out."))
        elif value is not None:
            problems += _set(message, fields[name], value, f"{path}{name}")
    for names in _alternatives(kind):
        if len(given := [name for name in names if data.get(name) is not None]) > 1:
            problems.append(Problem(path.rstrip("."), f"Send only one of {', '.join(given)}."))
    return problems


@cache
def _fields(kind: Any) -> Mapping[str, Any]:
    """A plain dict: asking the descriptor for each name costs more."""
    return dict(kind.fields_by_name)


@cache
def _alternatives(kind: Any) -> tuple[tuple[str, ...], ...]:
    """The fields of each oneof, which takes one of them; an optional scalar is a oneof of one."""
    return tuple(tuple(field.name for field in oneof.fields) for oneof in kind.oneofs if len(oneof.fields) > 1)


def _set(message: Message, field: Any, value: Any, path: str) -> list[Problem]:
    if field.is_repeated:
        return _set_list(message, field, value, path)
    try:
        if field.type == FieldDescriptor.TYPE_MESSAGE:
            return _set_message(getattr(message, field.name), value, path)
        setattr(message, field.name, _scalar(field, value))
    except _Wrong as wrong:
        return [Problem(path, str(wrong))]
    return []


def _set_list(message: Message, field: Any, value: Any, path: str) -> list[Problem]:
    if not isinstance(value, list):
        return [Problem(path, "Please send a list.")]
    problems: list[Problem] = []
    target: Any = getattr(message, field.name)
    for index, item in enumerate(value):
        place = f"{path}[{index}]"
        try:
            if field.type == FieldDescriptor.TYPE_MESSAGE:
                problems += _set_message(target.add(), item, place)
            else:
                target.append(_scalar(field, item))
        except _Wrong as wrong:
            problems.append(Problem(place, str(wrong)))
    return problems


def _set_message(target: Message, value: Any, path: str) -> list[Problem]:
    target.SetInParent()
    if target.DESCRIPTOR.full_name != MONEY:
        return _fill(target, value, f"{path}.")
    amount = parse_cents(value) if isinstance(value, str) else None
    if amount is None:
        raise _Wrong(AMOUNT_ADVICE)
    setattr(target, "cents", amount)  # noqa: B010  # Message has no such attribute for the type checker
    return []


def _scalar(field: Any, value: Any) -> Any:
    if field.type == FieldDescriptor.TYPE_STRING:
        return _text(value)
    if field.type == FieldDescriptor.TYPE_BOOL:
        if not isinstance(value, bool):
            raise _Wrong("Please send true or false.")
        return value
    if field.type == FieldDescriptor.TYPE_ENUM:
        return _enum(field, value)
    if bits := _INT_BITS.get(field.type):
        if isinstance(value, bool) or not isinstance(value, int) or not -(2**bits) <= value < 2**bits:
            raise _Wrong("Please send a whole number.")
        return value
    raise _Wrong("This field cannot be set.")


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise _Wrong("Please send text.")
    if not is_text(value):
        raise _Wrong("Remove the characters that cannot be printed.")
    return value


def _enum(field: Any, value: Any) -> int:
    words = enum_words(field.enum_type)
    if not isinstance(value, str) or value not in words:
        raise _Wrong(f"Please send one of: {', '.join(words)}.")
    return words[value]


def _from_text(field: Any, text: str) -> Any:
    if field.type == FieldDescriptor.TYPE_BOOL:
        return _scalar(field, {"true": True, "false": False}.get(text))
    if field.type in _INT_BITS:
        return _scalar(field, int(text) if re.fullmatch(r"-?[0-9]{1,19}", text, re.ASCII) else None)
    return _scalar(field, text)
