"""What the use cases of pcp need of the outside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from chassis.kernel import UnitOfWork
from services.pcp.domain.assignment import Assignment
from services.pcp.domain.entry_report import EntryReport
from services.pcp.domain.network import GeoPoint, Place, PlanNetwork
from services.pcp.domain.provider import Gender, NearbyProvider, Office, Panel, Provider
from services.pcp.domain.registration import Registration
from services.pcp.usecases.directory_port import StoredDirectory


@dataclass(frozen=True, slots=True)
class ProviderFilter:
    """Which providers of a network are wanted. ``age``: only those who see patients of that age.

    ``open_here``: the office that is found takes new patients for certain; "in some locations" is not enough.
    ``similar_names``: each word of ``name`` may have typing errors (``domain.names.allowed_errors``).
    ``specialty`` and ``language`` are spelled as the directory spells them (``domain.provider``).
    """

    name: str = ""
    similar_names: bool = False
    accepting_only: bool = False
    open_here: bool = False
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
    """The last provider of the page before; ``count`` is what was counted for the first page."""

    tenth_miles: int
    pcp_id: str
    count: int


@dataclass(frozen=True, slots=True)
class FoundProviders:
    """One page; ``count``: how many there are from its first one on, as far as they were counted."""

    providers: tuple[NearbyProvider, ...]
    count: int


class Cities(Protocol):
    def find_city(self, name: str, state: str) -> Place | None:
        """However the name is written; its point is the middle of its ZIP codes."""
        ...


class Providers(Protocol):
    def locate_zip(self, zip_code: str) -> GeoPoint | None:
        """Of a ZIP that is not listed: the middle of those with the same first three digits; None without any."""
        ...

    def has_network(self, network: PlanNetwork) -> bool: ...
    def find_newest_year(self, plan_id: str) -> int | None:
        """Of the plan years for which the plan has a directory."""
        ...

    def find_provider(self, pcp_id: str) -> Provider | None:
        """At the first office that takes new patients; where none does, at the first."""
        ...

    def list_offices(self, pcp_id: str) -> tuple[Office, ...]:
        """In the order of the directory; empty for an unknown provider."""
        ...

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
        *,
        most_counted: int = 0,
    ) -> FoundProviders:
        """Each once, at the nearest office that fits; nearest first, those of one distance by their ids.

        So many as ``most_counted`` are counted, or as a page has where that is more.
        """
        ...

    def find_first(self, network: PlanNetwork, point: GeoPoint, criteria: ProviderFilter) -> NearbyProvider | None:
        """The first of ``find_nearest``, without counting the others."""
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


class Reports(Protocol):
    """What people say is wrong with entries. A directory that is loaded leaves them alone."""

    def save_report(self, report: EntryReport) -> None:
        """In the place of what the same person reported of this fault before."""
        ...

    def find_open(self, providers: Iterable[Provider]) -> Mapping[str, date]:
        """By PCP id, the newest report of each provider that has one since the carrier updated the entry."""
        ...

    def list_reports(self) -> Sequence[EntryReport]:
        """By PCP id, the newest first."""
        ...

    def delete_reports(self, until: date) -> int: ...


class Registrations(Protocol):
    """What NPPES says of the NPIs of the directory."""

    def list_specialties(self) -> dict[str, str]:
        """Of the directory's providers that have an NPI, by NPI."""
        ...

    def save_registrations(self, registrations: Sequence[Registration]) -> None: ...
    def mark_providers(self) -> None:
        """Providers of the directory are from now on as their registrations say."""
        ...


class PcpUnitOfWork(UnitOfWork, Protocol):
    """The open transaction, with the repositories of pcp."""

    @property
    def providers(self) -> Providers: ...
    @property
    def assignments(self) -> Assignments: ...
    @property
    def directory(self) -> StoredDirectory: ...
    @property
    def reports(self) -> Reports: ...
    @property
    def registrations(self) -> Registrations: ...
