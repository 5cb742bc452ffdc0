"""Domain values with something in every field, made from their types: a field that is new tomorrow is in them too."""

from __future__ import annotations

import collections.abc
import dataclasses
import types
import typing
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from itertools import count
from typing import Any

from chassis.kernel import Money

# Of each sequence, so that an item that is dropped or repeated shows.
ITEMS = 2
# A union changes more slowly than enums do, so that each of its kinds meets each word of those; none has more.
UNION_TURNS = 8
_FIRST_DAY = date(2026, 1, 1)
_FIRST_MOMENT = datetime(2026, 5, 20, 18, tzinfo=UTC)
_SEQUENCES = (tuple, list, set, frozenset, collections.abc.Sequence, collections.abc.Iterable, collections.abc.Iterator)


class FilledValues:
    """Makes values of a type. ``made``: how a field is made that has to look like something, by the name of its class
    and its own (``"Quote.zip"``), by its own alone, or by its type. No two texts, numbers and dates are alike.
    ``turn``: which member of an enum or a union comes first; yes in the even ones, no in the odd ones.
    ``sparse``: None, no and nothing wherever that may be. ``first``: the first number that they are told apart by.
    """

    def __init__(
        self,
        turn: int = 0,
        made: Mapping[Any, Callable[[int], Any]] | None = None,
        *,
        sparse: bool = False,
        first: int = 1,
    ) -> None:
        self._turn, self._sparse = turn, sparse
        self._made = made or {}
        self._numbers = count(first)

    def of(self, hint: Any, name: str = "value") -> Any:
        number = next(self._numbers)
        if self._sparse and types.NoneType in typing.get_args(hint):
            return None
        for key in (name, name.rpartition(".")[2], hint):
            if isinstance(key, collections.abc.Hashable) and key in self._made:
                return self._made[key](number)
        if isinstance(hint, typing.TypeVar):
            raise TypeError(f"{name}: of no known type")
        if typing.get_origin(hint):
            return self._generic(hint, name)
        if dataclasses.is_dataclass(hint) or hasattr(hint, "_fields"):
            return self._record(hint)
        if isinstance(hint, type) and issubclass(hint, Enum):
            members = list(hint)
            return members[(self._turn + number) % len(members)]
        return self._plain(hint, name, number)

    def _record(self, kind: Any) -> Any:
        hints = typing.get_type_hints(kind)
        names = getattr(kind, "_fields", None) or [one.name for one in dataclasses.fields(kind) if one.init]
        return kind(**{name: self.of(hints[name], f"{kind.__name__}.{name}") for name in names})

    def _generic(self, hint: Any, name: str) -> Any:
        origin, inner = typing.get_origin(hint), typing.get_args(hint)
        if origin in (typing.Union, types.UnionType):
            options = [one for one in inner if one is not types.NoneType]
            return self.of(options[self._turn // UNION_TURNS % len(options)], name)
        if origin is typing.Literal:
            return inner[self._turn % len(inner)]
        if origin is Counter:
            return Counter({self.of(inner[0], name): self.of(int, name) for _ in self._items()})
        if origin in (dict, collections.abc.Mapping):
            return {key: self.of(inner[1], name) for key in self._keys(inner[0], name)}
        if origin is tuple and inner[-1] is not Ellipsis:
            return tuple(self.of(one, f"{name}[{place}]") for place, one in enumerate(inner))
        if origin in _SEQUENCES:
            kind = list if origin in _SEQUENCES[4:] else origin
            return kind(self.of(inner[0], name) for _ in self._items())
        raise TypeError(f"{name}: no {hint} can be made")

    def _keys(self, kind: Any, name: str) -> list[Any]:
        """Every member of an enum: who looks one up expects it."""
        return list(kind) if issubclass(kind, Enum) else [self.of(kind, name) for _ in self._items()]

    def _items(self) -> range:
        return range(0 if self._sparse else ITEMS)

    def _plain(self, kind: Any, name: str, number: int) -> Any:
        plain: dict[Any, Callable[[], Any]] = {
            str: lambda: f"{name.rpartition('.')[2]}-{number}",
            bool: lambda: not self._turn % 2 and not self._sparse,
            int: lambda: number,
            float: lambda: number / 8,
            bytes: lambda: f"{name} {number}".encode(),
            Decimal: lambda: Decimal(number) / 4,
            Money: lambda: Money(number * 100 + 1),
            date: lambda: _FIRST_DAY + timedelta(number),
            datetime: lambda: _FIRST_MOMENT + timedelta(minutes=number, microseconds=number),
            time: lambda: time(number % 24),
            timedelta: lambda: timedelta(number),
            types.NoneType: lambda: None,
        }
        if kind not in plain:
            raise TypeError(f"{name}: no {kind} can be made")
        return plain[kind]()


def differing_fields(sent: Any, back: Any, path: str = "") -> Iterator[str]:
    """``Quote.household.members[0].first_name``: where two values of one type differ."""
    path = path or type(sent).__name__
    if dataclasses.is_dataclass(sent) and dataclasses.is_dataclass(back):
        for field in dataclasses.fields(sent):
            ours, theirs = getattr(sent, field.name), getattr(back, field.name, None)
            yield from differing_fields(ours, theirs, f"{path}.{field.name}")
    elif isinstance(sent, tuple | list) and isinstance(back, tuple | list) and len(sent) == len(back):
        for place, (ours, theirs) in enumerate(zip(sent, back, strict=True)):
            yield from differing_fields(ours, theirs, f"{path}[{place}]")
    elif type(sent) is not type(back) or sent != back:
        yield path
