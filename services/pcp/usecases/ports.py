"""What the use cases of pcp need of the outside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from chassis.kernel import UnitOfWork
from services.pcp.domain.assignment import Assignment
from services.pcp.domain.provider import Directory, Gender, NearbyProvider, Panel, Provider, component_id


@dataclass(frozen=True, slots=True)
class GeoPoint:
    """Where distances are counted from, in degrees."""

    latitude: float
    longitude: float
    # The middle of the neighbouring ZIPs, where the list lacks this one.
    estimated: bool = False


@dataclass(frozen=True, slots=True)
class PlanNetwork:
    """The providers of one plan in one plan year, whichever variant of the plan was named."""

    plan_id: str
    plan_year: int

    @classmethod
    def of_plan(cls, plan_id: str, plan_year: int) -> PlanNetwork:
        return cls(component_id(plan_id), plan_year)


@dataclass(frozen=True, slots=True)
class ProviderFilter:
    """Which providers of a network are wanted. ``age``: only those who see patients of that age.

    ``specialty`` and ``language`` are spelled as the directory spells them (``domain.provider``).
    """

    name: str = ""
    accepting_only: bool = False
    age: int | None = None
    group_id: str = ""
    panel: Panel | None = None
    specialty: str = ""
    # 0 for any distance.
    radius_miles: int = 0
    language: str = ""
    gender: Gender | None = None


@dataclass(frozen=True, slots=True)
class FilterOptions:
    """What the providers of a network can be narrowed to, in order."""

    specialties: tuple[str, ...]
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProviderCursor:
    """The last provider of the page before."""

    tenth_miles: int
    pcp_id: str


class Providers(Protocol):
    def locate_zip(self, zip_code: str) -> GeoPoint | None:
        """Of a ZIP that is not listed: the middle of those with the same first three digits; None without any."""
        ...

    def has_network(self, network: PlanNetwork) -> bool: ...
    def find_newest_year(self, plan_id: str) -> int | None:
        """Of the plan years for which the plan has a directory."""
        ...

    def find_provider(self, pcp_id: str) -> Provider | None: ...
    def find_member(self, network: PlanNetwork, pcp_id: str) -> Provider | None:
        """The provider if he or she is in the network."""
        ...

    def has_group(self, network: PlanNetwork, group_id: str) -> bool: ...
    def find_nearest(
        self,
        network: PlanNetwork,
        point: GeoPoint,
        criteria: ProviderFilter,
        limit: int,
        after: ProviderCursor | None = None,
    ) -> list[NearbyProvider]:
        """Nearest first; those of one distance in the order of their ids."""
        ...

    def list_options(self, network: PlanNetwork) -> FilterOptions: ...


@dataclass(frozen=True, slots=True)
class StoredAssignment:
    """``fingerprint`` tells whether a request asks for the same again."""

    fingerprint: str
    assignments: tuple[Assignment, ...]


class Assignments(Protocol):
    def lock_assignment(self, record_number: str) -> StoredAssignment | None:
        """What stands for the application; other calls for the same application wait until this transaction ends."""
        ...

    def save_assignment(self, record_number: str, plan_id: str, plan_year: int, stored: StoredAssignment) -> None: ...


class StoredDirectory(Protocol):
    """The stored directory as a whole."""

    def lock(self) -> None:
        """Waits until nobody else is loading; held to the end of the transaction."""
        ...

    def find_digest(self) -> str | None: ...
    def find_updated_on(self) -> date | None:
        """The newest date of its entries; None without a directory, and for one that names none."""
        ...

    def replace(self, digest: str, directory: Directory, zip_points: dict[str, GeoPoint]) -> None:
        """Replaces everything."""
        ...


class PcpUnitOfWork(UnitOfWork, Protocol):
    """The open transaction, with the repositories of pcp."""

    @property
    def providers(self) -> Providers: ...
    @property
    def assignments(self) -> Assignments: ...
    @property
    def directory(self) -> StoredDirectory: ...
