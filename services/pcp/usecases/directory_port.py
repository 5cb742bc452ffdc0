"""What loading a directory needs of the outside: its files, and the stored directory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from services.pcp.domain.network import GeoPoint, PlanNetwork
from services.pcp.domain.provider import MedicalGroup, Office, Provider


@dataclass(frozen=True, slots=True)
class DirectoryEntry:
    """A provider as one entry of the files has it; several entries may be of one provider.

    ``position`` counts from 1 through all files. ``provider`` stands at the first of ``offices`` and has no group yet:
    groups may come later in the files. ``plans`` in order, so that equal ones are equal.
    """

    position: int
    provider: Provider
    offices: tuple[Office, ...]
    group_id: str
    plans: tuple[PlanNetwork, ...]


@dataclass(frozen=True, slots=True)
class DuplicateEntries:
    """``merged``: how many providers had several entries. ``refused``: position and NPI of entries whose PCP id is
    that of somebody else, who came first; they are not taken."""

    merged: int
    refused: Sequence[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class LoadedDirectory:
    """``imported``: by an operator's import; otherwise by ``seed``, which leaves an imported one alone."""

    digest: str
    imported: bool


class LoadOutcome(StrEnum):
    """``KEPT``: an operator's import stays in place."""

    LOADED = "loaded"
    UNCHANGED = "unchanged"
    KEPT = "kept"


class DirectoryFiles(Protocol):
    """``digest`` changes with anything that the content depends on; reading is put off until it is needed."""

    @property
    def digest(self) -> str: ...
    def entries(self) -> Iterator[DirectoryEntry]:
        """One after another, of whatever length the files are. Raises SystemExit at a file that is broken."""
        ...

    def accept(self, stored: int, repeated: DuplicateEntries) -> None:
        """Called when all entries are read, with how many providers they give; raises SystemExit when too many
        entries were rejected."""
        ...

    @property
    def groups(self) -> Mapping[str, MedicalGroup]:
        """Known when all entries are read."""
        ...

    def zip_points(self) -> Mapping[str, GeoPoint]: ...


class StoredDirectory(Protocol):
    """The stored directory as a whole."""

    def lock(self) -> None:
        """Waits until nobody else is loading; held to the end of the transaction."""
        ...

    def find_loaded(self) -> LoadedDirectory | None: ...
    def find_updated_on(self) -> date | None:
        """The newest date of its entries; None without a directory, and for one that names none."""
        ...

    def stage(self, entries: Iterator[DirectoryEntry]) -> DuplicateEntries:
        """Takes the entries beside the stored directory, which stays as it is; several of one provider become one."""
        ...

    def count_staged(self) -> int:
        """Providers among what was staged."""
        ...

    def replace_by_staged(
        self, loaded: LoadedDirectory, groups: Mapping[str, MedicalGroup], zip_points: Mapping[str, GeoPoint]
    ) -> None:
        """What was staged in this transaction takes the place of everything; readers see the one or the other."""
        ...
