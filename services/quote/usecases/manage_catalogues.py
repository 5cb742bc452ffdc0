"""Acts of commands: list, show and remove catalogues (``catalogue list``, ``show`` and ``remove``)."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from chassis.kernel import Conflict, NotFound
from services.quote.domain.plan import CatalogueKind, Coverage


@dataclass(frozen=True, slots=True)
class StoredSet:
    """A set in force. ``plan_year`` is None for the geography, which has no plans."""

    name: str
    plan_year: int | None
    loaded_at: datetime
    digest: str
    plans: int


@dataclass(frozen=True, slots=True)
class StatePlans:
    """How many plans of one kind a catalogue has in a state."""

    state: str
    coverage: Coverage
    kind: CatalogueKind
    plans: int


@dataclass(frozen=True, slots=True)
class SetContent:
    """``quotes``: saved ones that have not expired and chose a plan of it."""

    stored: StoredSet
    states: Sequence[StatePlans]
    rates: int
    family_rates: int
    counties: int
    quotes: int


class StoredSets(Protocol):
    """The stored sets, inside one transaction."""

    def lock(self) -> None:
        """Waits until nobody is loading; held to the end of the transaction."""
        ...

    def all(self) -> Sequence[StoredSet]: ...
    def content(self, stored: StoredSet) -> SetContent: ...
    def take_out(self, name: str) -> None: ...


class OpenSets(Protocol):
    def __call__(self) -> AbstractContextManager[StoredSets]: ...


def list_catalogues(sets: OpenSets) -> Sequence[StoredSet]:
    """In order of name."""
    with sets() as stored:
        return stored.all()


def show_catalogue(sets: OpenSets, name: str) -> SetContent:
    """Raises NotFound, naming those that there are."""
    with sets() as stored:
        return stored.content(_find(stored, name))


def remove_catalogue(sets: OpenSets, name: str) -> None:
    """Nobody is offered its plans any more. Raises NotFound; Conflict for the geography.

    Quotes keep what their plans cost, and ask to choose again; so does an application that is submitted after this.
    """
    with sets() as stored:
        stored.lock()
        found = _find(stored, name)
        must_be_removable(found)
        stored.take_out(found.name)


def must_be_removable(stored: StoredSet) -> None:
    if stored.plan_year is None:
        message = f"{stored.name} has the ZIP codes, counties and rating areas that every quote needs; it has to stay."
        raise Conflict(message)


def _find(sets: StoredSets, name: str) -> StoredSet:
    stored = sets.all()
    for one in stored:
        if one.name == name:
            return one
    known = ", ".join(one.name for one in stored) or "none"
    raise NotFound(f"There is no catalogue named {name}; there are: {known}.")
