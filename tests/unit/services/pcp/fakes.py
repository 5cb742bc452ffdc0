"""Ports of pcp in memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from services.pcp.domain.provider import Directory, Gender, MedicalGroup, NearbyProvider, Office, Panel, Provider
from services.pcp.usecases.ports import (
    FilterOptions,
    GeoPoint,
    PlanNetwork,
    ProviderCursor,
    ProviderFilter,
    StoredAssignment,
)
from tests.fakes.unit_of_work import FakeUnitOfWork

NETWORK = PlanNetwork("36096IL9900001", 2026)
UPDATED_ON = date(2026, 1, 2)


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
        accepting,
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
    ) -> list[NearbyProvider]:
        found = [NearbyProvider(p, place) for place, p in enumerate(self.members) if _fits(p, criteria)]
        near = [n for n in found if not criteria.radius_miles or n.tenth_miles <= criteria.radius_miles * 10]
        return [n for n in near if after is None or n.tenth_miles > after.tenth_miles][:limit]

    def list_options(self, network: PlanNetwork) -> FilterOptions:
        return FilterOptions(
            tuple(sorted({p.specialty for p in self.members})),
            tuple(sorted({language for p in self.members for language in p.languages})),
        )


def _fits(p: Provider, criteria: ProviderFilter) -> bool:
    return (
        criteria.name.lower() in p.name.lower()
        and (p.accepting or not criteria.accepting_only)
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


class FakeDirectory:
    def __init__(self) -> None:
        self.stored: str | None = None

    def lock(self) -> None: ...

    def find_digest(self) -> str | None:
        return self.stored

    def find_updated_on(self) -> date | None:
        return UPDATED_ON

    def replace(self, digest: str, directory: Directory, zip_points: dict[str, GeoPoint]) -> None:
        self.stored = digest


class FakeWork(FakeUnitOfWork):
    def __init__(self, members: list[Provider]) -> None:
        super().__init__()
        self.providers = FakeProviders(members)
        self.assignments = FakeAssignments()
        self.directory = FakeDirectory()
