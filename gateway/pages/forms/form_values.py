"""A message of a contract as the values of a form's fields, and back.

A field's name on a page is its path in the message, which is also how a refusal names it:
``home_address.zip``, ``life_events[0].date``. So a message reaches its input without a table in between.

Values are texts: a date as people write it, "yes" or "no", the word of an enum value, an amount in dollars. A list of
plain texts is one value, its items separated by commas (codes hold none).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from suite.common.v1 import common_pb2

from chassis.kernel import Problem
from gateway.edge.enum_names import enum_word, enum_words
from gateway.pages.forms.typed_values import (
    AMOUNT_ADVICE,
    date_advice,
    parse_amount,
    parse_date,
    read_date,
    tidy_ssn,
    write_amount,
    write_date,
)

Values = dict[str, str]

MONEY = common_pb2.Money.DESCRIPTOR.full_name

# Texts of the enrollment contract that hold a calendar date; a test finds those that its comments call YYYY-MM-DD.
DATE_FIELDS = frozenset(
    {"date", "date_of_birth", "tobacco_last_used", "start_date", "termination_date", "effective_date"}
)
# A page that is older than the contract may offer what is no choice any more.
CHOICE_ADVICE = "Choose one of the answers on the page."
_YES_NO = {True: "yes", False: "no"}
_PART = re.compile(r"([a-z_]+)(?:\[(\d{1,3})\])?", re.ASCII)
_WHOLE_NUMBERS = (FieldDescriptor.TYPE_INT32, FieldDescriptor.TYPE_INT64)


def read_values(message: Message, prefix: str = "") -> Values:
    """Every field of the message that has a value; nested ones by their path. Not given is not there."""
    return dict(_read(message, prefix))


def _read(message: Any, prefix: str) -> Iterator[tuple[str, str]]:
    for field, value in message.ListFields():
        path = f"{prefix}{field.name}"
        if field.type == FieldDescriptor.TYPE_MESSAGE and field.message_type.full_name != MONEY:
            if field.is_repeated:
                for index, item in enumerate(value):
                    yield from _read(item, f"{path}[{index}].")
            else:
                yield from _read(value, f"{path}.")
        elif field.is_repeated:
            yield path, ",".join(map(str, value))
        else:
            yield path, _write(field, value)


def _write(field: Any, value: Any) -> str:
    if field.type == FieldDescriptor.TYPE_MESSAGE:
        return write_amount(value.cents)
    if field.type == FieldDescriptor.TYPE_BOOL:
        return _YES_NO[value]
    if field.type == FieldDescriptor.TYPE_ENUM:
        return enum_word(field.enum_type, value) or ""
    if field.name in DATE_FIELDS:
        return write_date(value)
    return str(value)


def put_values(message: Message, values: Mapping[str, str]) -> list[Problem]:
    """Put what was typed into the message; an empty text takes a field away.

    Names that are no path of the message are passed over: a form has other fields too. Gives a problem for what no
    field of the contract can hold, an amount that is none or a choice that the page does not offer; everything else is
    judged by the service. Lists must have their items already, or get them in order.
    """
    problems = []
    for path, typed in values.items():
        found = _find(message, path)
        if found and (advice := _put(*found, typed.strip())):
            problems.append(Problem(path, advice))
    return problems


def _find(message: Any, path: str) -> tuple[Any, Any] | None:
    """The message that holds a field, and the field; None when there is no such field."""
    *parents, last = path.split(".")
    for part in parents:
        parts = _PART.fullmatch(part)
        field = parts and message.DESCRIPTOR.fields_by_name.get(parts[1])
        if not parts or not field or field.type != FieldDescriptor.TYPE_MESSAGE or field.is_repeated != bool(parts[2]):
            return None
        message = getattr(message, parts[1])
        if parts[2]:
            index = int(parts[2])
            if index > len(message):
                return None
            message = message[index] if index < len(message) else message.add()
    field = message.DESCRIPTOR.fields_by_name.get(last)
    return (message, field) if field and _is_value(field) else None


def _is_value(field: Any) -> bool:
    """Whether one input can hold it: a message is several fields of the form, but for an amount."""
    return field.type != FieldDescriptor.TYPE_MESSAGE or (
        field.message_type.full_name == MONEY and not field.is_repeated
    )


def _put(holder: Any, field: Any, typed: str) -> str:
    """Set one field; gives the advice for a text that it cannot hold."""
    if not typed:
        holder.ClearField(field.name)
    elif field.is_repeated:
        holder.ClearField(field.name)
        getattr(holder, field.name).extend(filter(None, typed.split(",")))
    elif field.type == FieldDescriptor.TYPE_MESSAGE:
        cents = parse_amount(typed)
        if cents is None:
            return AMOUNT_ADVICE
        getattr(holder, field.name).cents = cents
    else:
        return _put_scalar(holder, field, typed)
    return ""


def _put_scalar(holder: Any, field: Any, typed: str) -> str:
    if field.type == FieldDescriptor.TYPE_BOOL:
        if typed not in _YES_NO.values():
            return CHOICE_ADVICE
        setattr(holder, field.name, typed == "yes")
    elif field.type == FieldDescriptor.TYPE_ENUM:
        words = enum_words(field.enum_type)
        if typed not in words:
            return CHOICE_ADVICE
        setattr(holder, field.name, words[typed])
    elif field.type in _WHOLE_NUMBERS:
        if not re.fullmatch(r"\d{1,9}", typed, re.ASCII):
            return "Enter a whole number."
        setattr(holder, field.name, int(typed))
    elif field.name in DATE_FIELDS:
        setattr(holder, field.name, read_date(typed))
    else:
        setattr(holder, field.name, tidy_ssn(typed) if field.name == "ssn" else typed)
    return ""


def explain_dates(
    problems: Iterable[Problem], values: Mapping[str, str], names: Collection[str] = DATE_FIELDS
) -> list[Problem]:
    """The service says how a program writes a date; a person who typed none that can be read is told how people do, or
    which day there is not.

    ``names``: the fields that hold a date, by the last part of their path.
    """
    return [
        Problem(problem.field, date_advice(typed), problem.rule)
        if problem.field.rpartition(".")[2] in names
        and (typed := values.get(problem.field, ""))
        and parse_date(typed) is None
        else problem
        for problem in problems
    ]
