"""Bounds of what is sent, as the contracts' options say them: length, pattern, range and number of items (ADR 0025).

They stand once, in the proto. ``Contract.handle`` enforces them for gRPC and the bus, and so for HTTP; the OpenAPI
document and the portal's pages read them here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from suite.common.v1 import common_pb2 as pb

from chassis.kernel import Problem
from chassis.kernel.money import Money
from chassis.kernel.number_length import count_digits

# A pattern of digits, with the signs that people put between them.
_DIGITS_ALONE = re.compile(r"(?:\[0-9\]\{\d+\}|[()?|\- ])+")
_MONEY = pb.Money.DESCRIPTOR.full_name
_OPTIONS = {
    "min_length": pb.min_length,
    "max_length": pb.max_length,
    "pattern": pb.pattern,
    "pattern_advice": pb.pattern_advice,
    "minimum": pb.minimum,
    "maximum": pb.maximum,
    "min_items": pb.min_items,
    "max_items": pb.max_items,
    "items_name": pb.items_name,
}
_FORMAT_OPTIONS = {
    "min_length": pb.format_min_length,
    "max_length": pb.format_max_length,
    "pattern": pb.format_pattern,
    "pattern_advice": pb.format_advice,
}


@dataclass(frozen=True, slots=True)
class Bounds:
    """Of one field; None where there is no bound. ``minimum`` and ``maximum`` of Money are cents.

    Lengths and pattern of a list are those of its items.
    """

    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None
    pattern_advice: str = ""
    minimum: int | None = None
    maximum: int | None = None
    min_items: int | None = None
    max_items: int | None = None
    items_name: str = ""
    rule: str = ""
    is_list: bool = False
    is_text: bool = False
    is_money: bool = False

    def problems(self, path: str, value: Any) -> Iterator[Problem]:
        """What of a value that was given is out of bounds; ``path`` names it in its request."""
        if self.is_list:
            yield from self._items(path, len(value))
            if self.is_text:
                for index, text in enumerate(value):
                    yield from self._text(f"{path}[{index}]", text.strip())
        elif self.is_text:
            yield from self._text(path, value.strip())
        else:
            yield from self._number(path, value.cents if self.is_money else value)

    def _items(self, path: str, count: int) -> Iterator[Problem]:
        if self.min_items is not None and count < self.min_items:
            yield Problem(path, f"Include at least {self.min_items} {self.items_name}.", self.rule)
        elif self.max_items is not None and count > self.max_items:
            yield Problem(path, f"Include at most {self.max_items} {self.items_name}; remove some.", self.rule)

    def _text(self, path: str, text: str) -> Iterator[Problem]:
        if not text:
            return
        if self.min_length is not None and len(text) < self.min_length:
            yield Problem(path, f"Enter at least {_counted(self.min_length, 'character')}.", self.rule)
        elif self.max_length is not None and len(text) > self.max_length:
            yield Problem(path, f"Shorten this to {_counted(self.max_length, 'character')}.", self.rule)
        elif self.pattern is not None and not re.fullmatch(self.pattern, text, re.ASCII):
            yield Problem(path, self._advise(text), self.rule)

    def _advise(self, text: str) -> str:
        """How many digits a number has is counted for the person, where digits are all that it is made of."""
        found = count_digits(text) if self.pattern and _DIGITS_ALONE.fullmatch(self.pattern) else 0
        return f"{self.pattern_advice} This one has {found}." if found else self.pattern_advice

    def _number(self, path: str, number: int) -> Iterator[Problem]:
        low, high = self.minimum, self.maximum
        if (low is None or number >= low) and (high is None or number <= high):
            return
        limits = [
            f"{word} {f'${Money(bound).dollars:,.2f}' if self.is_money else bound}"
            for word, bound in (("at least", low), ("at most", high))
            if bound is not None
        ]
        what = "an amount" if self.is_money else "a number"
        yield Problem(path, f"Enter {what} of {' and '.join(limits)}.", self.rule)


@cache
def bounds_of(field: FieldDescriptor) -> Bounds | None:
    """None where the contract bounds nothing."""
    options = field.GetOptions()
    found = {**_of_format(options.Extensions[pb.format]), **_given(options, _OPTIONS)}
    if not found:
        return None
    rule, message = options.Extensions[pb.bounds_rule], field.message_type
    is_text = field.type == FieldDescriptor.TYPE_STRING
    is_money = message is not None and message.full_name == _MONEY
    return Bounds(**found, rule=rule, is_list=field.is_repeated, is_text=is_text, is_money=is_money)


def find_out_of_bounds(held: Any, kind: Descriptor, path: str = "") -> Iterator[Problem]:
    """Of a value of the domain whose attributes are named as the fields of its message, as ``Contract.handle`` finds it
    in what is sent."""
    for name, bounds, within in _bounded(kind):
        value = getattr(held, name)
        if value in (None, "", ()):
            continue
        if bounds:
            yield from bounds.problems(path + name, value)
        if within and isinstance(value, tuple):
            for index, item in enumerate(value):
                yield from find_out_of_bounds(item, within, f"{path}{name}[{index}].")
        elif within:
            yield from find_out_of_bounds(value, within, f"{path}{name}.")


@cache
def _bounded(kind: Descriptor) -> tuple[tuple[str, Bounds | None, Descriptor | None], ...]:
    """The fields that have bounds or are messages that hold such fields, each with its bounds and its message."""
    fields = ((field.name, bounds_of(field), field.message_type) for field in kind.fields)
    found = ((name, bounds, within if within and _bounded(within) else None) for name, bounds, within in fields)
    return tuple((name, bounds, within) for name, bounds, within in found if bounds or within)


def _of_format(number: int) -> dict[str, Any]:
    return _given(pb.TextFormat.DESCRIPTOR.values_by_number[number].GetOptions(), _FORMAT_OPTIONS)


def _given(options: Any, names: Mapping[str, Any]) -> dict[str, Any]:
    return {name: options.Extensions[option] for name, option in names.items() if options.HasExtension(option)}


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
