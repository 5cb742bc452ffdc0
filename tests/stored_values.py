"""Writes filled values to a store and tells which fields do not come back, whatever their types will be tomorrow."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping
from itertools import count
from typing import Any

from tests.filled_values import FilledValues, differing_fields

RoundTrip = Callable[[Any], Any]
"""Writes a value and gives what is read back, with another session than the one that wrote."""
Made = Mapping[Any, Callable[[int], Any]]
# As many as the longest enum that is stored has words, payment's status.
TURNS = 8
# More than one value needs.
NUMBERS = 1000
_NUMBERS = count(1, NUMBERS)


def lost_fields(kind: Any, round_trip: RoundTrip, made: Made | None = None) -> set[str]:
    """``Quote.household.members[].first_name``; each value is another one, also between calls, so that keys differ."""
    lost: set[str] = set()
    for turn in range(TURNS):
        for sparse in (False, True):
            sent = FilledValues(turn, made, sparse=sparse, first=next(_NUMBERS)).of(kind)
            lost |= {re.sub(r"\[\d+]", "[]", path) for path in differing_fields(sent, round_trip(sent))}
    return lost


def with_new_field(kind: Any) -> Any:
    """The class as it will be when somebody adds a field to it, of which no store knows yet."""
    new = [("of_tomorrow", str, dataclasses.field(default=""))]
    return dataclasses.make_dataclass(kind.__name__, new, bases=(kind,), frozen=True)
