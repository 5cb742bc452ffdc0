"""Store: the directory, replaced as a whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from sqlalchemy import delete, insert, select, text
from sqlalchemy.orm import Session

from services.pcp.domain.provider import PRIMARY_CARE, Directory, Provider
from services.pcp.store.tables import (
    DirectoryLoadRow,
    MedicalGroupRow,
    NetworkMemberRow,
    NetworkRow,
    ProviderRow,
    ZipPointRow,
)
from services.pcp.usecases.ports import GeoPoint, PlanNetwork


class DirectoryRepository:
    """Everything that comes from the directory's files."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def lock(self) -> None:
        self._session.execute(text("select pg_advisory_xact_lock(hashtext('pcp.directory'))"))

    def find_digest(self) -> str | None:
        return self._session.scalar(select(DirectoryLoadRow.digest))

    def find_updated_on(self) -> date | None:
        return self._session.scalar(select(DirectoryLoadRow.updated_on))

    def replace(self, digest: str, directory: Directory, zip_points: dict[str, GeoPoint]) -> None:
        for table in (NetworkRow, NetworkMemberRow, ProviderRow, MedicalGroupRow, ZipPointRow, DirectoryLoadRow):
            self._session.execute(delete(table))
        self._fill(
            ZipPointRow, ({"zip": z, "latitude": s.latitude, "longitude": s.longitude} for z, s in zip_points.items())
        )
        self._fill(MedicalGroupRow, ({"group_id": g.group_id, "name": g.name} for g in directory.groups))
        self._fill(ProviderRow, (_to_row(provider) for provider in directory.providers))
        members = directory.memberships
        self._fill(
            NetworkMemberRow,
            ({"plan_id": m.plan_id, "plan_year": m.plan_year, "pcp_id": m.pcp_id} for m in members),
        )
        self._fill(NetworkRow, _network_rows(directory))
        loaded = {"digest": digest, "providers": len(directory.providers), "updated_on": directory.updated_on}
        self._fill(DirectoryLoadRow, [loaded])

    def _fill(self, table: type[Any], rows: Iterable[dict[str, Any]]) -> None:
        if listed := list(rows):
            self._session.execute(insert(table), listed)


def _network_rows(directory: Directory) -> Iterator[dict[str, Any]]:
    providers = {provider.pcp_id: provider for provider in directory.providers}
    specialties, languages = defaultdict[PlanNetwork, set[str]](set), defaultdict[PlanNetwork, set[str]](set)
    for member in directory.memberships:
        network, provider = PlanNetwork(member.plan_id, member.plan_year), providers[member.pcp_id]
        specialties[network].update(provider.specialty.split(", "))
        languages[network].update(provider.languages)
    for network, found in specialties.items():
        yield {
            "plan_id": network.plan_id,
            "plan_year": network.plan_year,
            "specialties": sorted(found & PRIMARY_CARE.keys()),
            "languages": sorted(languages[network]),
        }


def _to_row(provider: Provider) -> dict[str, Any]:
    office = provider.office
    return {
        "pcp_id": provider.pcp_id,
        "npi": provider.npi,
        "name": provider.name,
        "specialty": provider.specialty,
        "address": office.address,
        "city": office.city,
        "state": office.state,
        "zip": office.zip,
        "phone": office.phone,
        "accepting": provider.accepting,
        "panel": provider.panel.value,
        "illustrative": provider.illustrative,
        "languages": list(provider.languages),
        "gender": provider.gender.value if provider.gender else None,
        "last_updated_on": provider.last_updated_on,
        "group_id": provider.group.group_id if provider.group else None,
    }
