"""Ports of pcp in memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from services.pcp.domain.provider import Directory, MedicalGroup, NearbyProvider, Panel, Place, Provider
from services.pcp.usecases.ports import Network, Seen, Spot, StoredAssignment, Wish

NETWORK = Network("36096IL9900001", 2026)


def provider(pcp_id: str, *, accepting: bool = True, panel: Panel = Panel.ANY, group: str = "201") -> Provider:
    place = Place("10 Example Street", "Chicago", "IL", "60601", "3125550100")
    return Provider(
        pcp_id,
        "2000001042",
        f"Doctor {pcp_id}",
        "Family Medicine",
        place,
        accepting,
        panel,
        MedicalGroup(group, "Lantern Medical Group"),
        illustrative=True,
    )


@dataclass
class FakeProviders:
    """All of one network, nearest first: the place in the list is the distance."""

    members: list[Provider]

    def spot(self, zip_code: str) -> Spot | None:
        return Spot(41.9, -87.6) if zip_code == "60601" else None

    def has_network(self, network: Network) -> bool:
        return network == NETWORK

    def get(self, pcp_id: str) -> Provider | None:
        return next((p for p in self.members if p.pcp_id == pcp_id), None)

    def member(self, network: Network, pcp_id: str) -> Provider | None:
        return self.get(pcp_id) if network == NETWORK else None

    def has_group(self, network: Network, group_id: str) -> bool:
        return any(p.group is not None and p.group.group_id == group_id for p in self.members)

    def nearest(
        self, network: Network, spot: Spot, wish: Wish, limit: int, after: Seen | None = None
    ) -> list[NearbyProvider]:
        found = [NearbyProvider(p, place) for place, p in enumerate(self.members) if _fits(p, wish)]
        return [n for n in found if after is None or n.tenth_miles > after.tenth_miles][:limit]


def _fits(p: Provider, wish: Wish) -> bool:
    return (
        wish.name.lower() in p.name.lower()
        and (p.accepting or not wish.accepting_only)
        and (wish.age is None or p.panel.takes(wish.age))
        and (not wish.group_id or (p.group is not None and p.group.group_id == wish.group_id))
    )


@dataclass
class FakeAssignments:
    stored: dict[str, StoredAssignment] = field(default_factory=dict)

    def claim(self, record_number: str) -> StoredAssignment | None:
        return self.stored.get(record_number)

    def put(self, record_number: str, plan_id: str, plan_year: int, stored: StoredAssignment) -> None:
        self.stored[record_number] = stored


class FakeShelf:
    def __init__(self) -> None:
        self.stored: str | None = None

    def lock(self) -> None: ...

    def digest(self) -> str | None:
        return self.stored

    def put(self, digest: str, directory: Directory, spots: dict[str, Spot]) -> None:
        self.stored = digest


class FakeWork:
    def __init__(self, members: list[Provider]) -> None:
        self.providers = FakeProviders(members)
        self.assignments = FakeAssignments()
        self.shelf = FakeShelf()
        self.published: list[object] = []
        self.recorded: list[tuple[str, str]] = []

    @contextmanager
    def __call__(self) -> Iterator[FakeWork]:
        yield self

    def publish(self, event: object) -> None:
        self.published.append(event)

    def record(self, at: datetime, actor: str, subject: str, action: str, summary: str, on_behalf_of: str = "") -> None:
        self.recorded.append((action, summary))
