"""Bounds of what is sent, as the contracts' options say them: length, pattern, range and number of items (ADR 0025).

They stand once, in the proto. ``Contract.handle`` enforces them for gRPC and the bus, and so for HTTP; the OpenAPI
document and the portal's pages read them here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from google.protobuf.descriptor import FieldDescriptor
from suite.common.v1 import common_pb2 as pb

from chassis.kernel import Problem
from chassis.kernel.money import Money

_MONEY = pb.Money.DESCRIPTOR.full_name


@dataclass(frozen=True, slots=True)
class Bounds:
    """Of one field; None where there is no bound. ``minimum`` and ``maximum`` of Money are cents."""

    max_length: int | None
    pattern: str | None
    pattern_advice: str
    minimum: int | None
    maximum: int | None
    max_items: int | None
    rule: str
    is_money: bool

    def problems(self, path: str, value: Any) -> Iterator[Problem]:
        """What of a value that was given is out of bounds; ``path`` names it in its request."""
        if self.max_items is not None and len(value) > self.max_items:
            yield Problem(path, f"Keep at most {self.max_items} of these.", self.rule)
        if self.max_length is not None or self.pattern is not None:
            yield from self._text(path, value.strip())
        if self.minimum is not None or self.maximum is not None:
            yield from self._number(path, value.cents if self.is_money else value)

    def _text(self, path: str, text: str) -> Iterator[Problem]:
        if self.max_length is not None and len(text) > self.max_length:
            yield Problem(path, f"Shorten this to {_counted(self.max_length, 'character')}.", self.rule)
        elif self.pattern is not None and text and not re.fullmatch(self.pattern, text, re.ASCII):
            yield Problem(path, self.pattern_advice, self.rule)

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

    def given(option: Any) -> Any:
        return options.Extensions[option] if options.HasExtension(option) else None

    bounds = [given(option) for option in (pb.max_length, pb.pattern, pb.minimum, pb.maximum, pb.max_items)]
    if all(bound is None for bound in bounds):
        return None
    length, pattern, minimum, maximum, items = bounds
    advice, rule = given(pb.pattern_advice) or "", given(pb.bounds_rule) or ""
    is_money = field.message_type is not None and field.message_type.full_name == _MONEY
    return Bounds(length, pattern, advice, minimum, maximum, items, rule, is_money)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
