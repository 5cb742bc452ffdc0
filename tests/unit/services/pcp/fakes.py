"""Ports of pcp in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from chassis.kernel import FixedClock
from services.pcp.directory.cities import ListedCities
from services.pcp.domain.assignment import AssignmentDistances
from services.pcp.domain.entry_report import EntryFault, EntryReport, is_open
from services.pcp.domain.network import GeoPoint, PlanNetwork
from services.pcp.domain.provider import Gender, MedicalGroup, NearbyProvider, NewPatients, Office, Panel, Provider
from services.pcp.domain.registration import Registration
from services.pcp.usecases.directory_port import DirectoryEntry, DuplicateEntries, LoadedDirectory
from services.pcp.usecases.ports import FilterOptions, FoundProviders, ProviderCursor, ProviderFilter, StoredAssignment
from tests.fakes.unit_of_work import FakeUnitOfWork

NETWORK = PlanNetwork("36096IL9900001", 2026)
UPDATED_ON = date(2026, 1, 2)
CLOCK = FixedClock.at("2026-03-01")
# The second of the two is the default for other ZIP codes.
DISTANCES = AssignmentDistances({"60601": 30}, 60)
CITIES = ListedCities()


def provider(
    pcp_id: str,
    *,
    accepting: bool = True,
    panel: Panel = Panel.ANY,
    group: str = "201",
    languages: tuple[str, ...] = ("English",),
    gender: Gender | None = None,
) -> Provider:
    office = Office("10 Example Street", "Chicago", "IL", "60601", "3125550100")
    return Provider(
        pcp_id,
        "2000001042",
        f"Doctor {pcp_id}",
        "Family Medicine",
        office,
        NewPatients.ACCEPTING if accepting else NewPatients.NOT_ACCEPTING,
        panel,
        MedicalGroup(group, "Lantern Medical Group"),
        languages,
        gender,
        UPDATED_ON,
        illustrative=True,
    )


@dataclass
class FakeProviders:
    """All of one network, nearest first: the place in the list is the distance in tenths of a mile."""

    members: list[Provider]

    def locate_zip(self, zip_code: str) -> GeoPoint | None:
        return GeoPoint(41.9, -87.6) if zip_code == "60601" else None

    def has_network(self, network: PlanNetwork) -> bool:
        return network == NETWORK

    def find_newest_year(self, plan_id: str) -> int | None:
        return NETWORK.plan_year if plan_id == NETWORK.plan_id else None

    def find_provider(self, pcp_id: str) -> Provider | None:
        return next((p for p in self.members if p.pcp_id == pcp_id), None)

    def list_offices(self, pcp_id: str) -> tuple[Office, ...]:
        provider = self.find_provider(pcp_id)
        return (provider.office,) if provider else ()

    def find_member(self, network: PlanNetwork, pcp_id: str) -> Provider | None:
        return self.find_provider(pcp_id) if network == NETWORK else None

    def has_group(self, network: PlanNetwork, group_id: str) -> bool:
        return any(p.group is not None and p.group.group_id == group_id for p in self.members)

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
        found = [NearbyProvider(p, place) for place, p in enumerate(self.members) if _fits(p, criteria)]
        near = [n for n in found if not criteria.radius_miles or n.tenth_miles <= criteria.radius_miles * 10]
        following = [n for n in near if after is None or n.tenth_miles > after.tenth_miles]
        return FoundProviders(tuple(following[:limit]), min(len(following), max(limit, most_counted)))

    def find_first(self, network: PlanNetwork, point: GeoPoint, criteria: ProviderFilter) -> NearbyProvider | None:
        return next(iter(self.find_nearest(network, point, criteria, limit=1).providers), None)

    def list_options(self, network: PlanNetwork) -> FilterOptions:
        return FilterOptions(
            tuple(sorted({p.specialty for p in self.members})),
            tuple(sorted({language for p in self.members for language in p.languages})),
        )


def _fits(p: Provider, criteria: ProviderFilter) -> bool:
    return (
        (criteria.name.lower() in p.name.lower() or (criteria.similar_names and criteria.name == "Doktor"))
        and (p.accepting or not criteria.accepting_only)
        and (p.new_patients is NewPatients.ACCEPTING or not criteria.open_here)
        and (criteria.age is None or p.panel.takes(criteria.age))
        and (criteria.panel is None or p.panel is criteria.panel)
        and (not criteria.specialty or p.specialty.lower() == criteria.specialty.lower())
        and (not criteria.language or criteria.language in p.languages)
        and (criteria.gender is None or p.gender is criteria.gender)
        and (not criteria.group_id or (p.group is not None and p.group.group_id == criteria.group_id))
    )


@dataclass
class FakeAssignments:
    stored: dict[str, StoredAssignment] = field(default_factory=dict)

    def lock_assignment(self, record_number: str) -> StoredAssignment | None:
        return self.stored.get(record_number)

    def save_assignment(self, record_number: str, plan_id: str, plan_year: int, stored: StoredAssignment) -> None:
        self.stored[record_number] = stored


@dataclass
class FakeReports:
    kept: dict[tuple[str, EntryFault, str], EntryReport] = field(default_factory=dict)

    def save_report(self, report: EntryReport) -> None:
        self.kept[report.pcp_id, report.fault, report.reported_by] = report

    def find_open(self, providers: Iterable[Provider]) -> dict[str, date]:
        updated_on = {one.pcp_id: one.last_updated_on for one in providers}
        reports = sorted(self.kept.values(), key=lambda one: one.reported_on)
        return {
            one.pcp_id: one.reported_on
            for one in reports
            if one.pcp_id in updated_on and is_open(one.reported_on, updated_on[one.pcp_id])
        }

    def list_reports(self) -> list[EntryReport]:
        return sorted(self.kept.values(), key=lambda one: one.pcp_id)

    def delete_reports(self, until: date) -> int:
        before = len(self.kept)
        self.kept = {key: one for key, one in self.kept.items() if one.reported_on > until}
        return before - len(self.kept)


class FakeRegistrations:
    """Of a directory without NPIs."""

    def list_specialties(self) -> dict[str, str]:
        return {}

    def save_registrations(self, registrations: Sequence[Registration]) -> None: ...

    def mark_providers(self) -> None: ...


class FakeDirectory:
    """``stored``: the ids of the providers of a load."""

    def __init__(self) -> None:
        self.loaded: LoadedDirectory | None = None
        self.staged: set[str] = set()
        self.stored: set[str] = set()

    def lock(self) -> None: ...

    def find_loaded(self) -> LoadedDirectory | None:
        return self.loaded

    def find_updated_on(self) -> date | None:
        return UPDATED_ON

    def stage(self, entries: Iterator[DirectoryEntry]) -> DuplicateEntries:
        self.staged = {entry.provider.pcp_id for entry in entries}
        return DuplicateEntries(0, ())

    def count_staged(self) -> int:
        return len(self.staged)

    def replace_by_staged(
        self, loaded: LoadedDirectory, groups: Mapping[str, MedicalGroup], zip_points: Mapping[str, GeoPoint]
    ) -> None:
        self.loaded, self.stored = loaded, self.staged


class FakeWork(FakeUnitOfWork):
    def __init__(self, members: list[Provider]) -> None:
        super().__init__()
        self.providers = FakeProviders(members)
        self.assignments = FakeAssignments()
        self.directory = FakeDirectory()
        self.reports = FakeReports()
        self.registrations = FakeRegistrations()
