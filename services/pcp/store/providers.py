"""Store: the directory, read by network and distance."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, any_, cast, func, select, tuple_
from sqlalchemy.orm import Session

from chassis.kernel.zip_prefixes import PREFIX_DIGITS
from services.pcp.domain.provider import (
    Gender,
    MedicalGroup,
    NearbyProvider,
    Office,
    Panel,
    Provider,
)
from services.pcp.store.tables import MedicalGroupRow, NetworkMemberRow, NetworkRow, ProviderRow, ZipPointRow
from services.pcp.usecases.ports import FilterOptions, GeoPoint, PlanNetwork, ProviderCursor, ProviderFilter

# Mean radius of the earth, in tenths of a mile.
EARTH_TENTH_MILES = 39_588

Query = Select[*tuple[Any, ...]]


class ProviderRepository:
    def __init__(self, session: Session) -> None:
        self._session = session

    def locate_zip(self, zip_code: str) -> GeoPoint | None:
        row = self._session.get(ZipPointRow, zip_code)
        return GeoPoint(row.latitude, row.longitude) if row else self._middle_of(zip_code[:PREFIX_DIGITS])

    def _middle_of(self, prefix: str) -> GeoPoint | None:
        middle = select(func.avg(ZipPointRow.latitude), func.avg(ZipPointRow.longitude))
        latitude, longitude = self._session.execute(middle.where(ZipPointRow.zip.startswith(prefix))).one()
        return None if latitude is None else GeoPoint(latitude, longitude, estimated=True)

    def has_network(self, network: PlanNetwork) -> bool:
        return self._any(_members(network))

    def find_newest_year(self, plan_id: str) -> int | None:
        return self._session.scalar(
            select(func.max(NetworkMemberRow.plan_year)).where(NetworkMemberRow.plan_id == plan_id)
        )

    def find_provider(self, pcp_id: str) -> Provider | None:
        return self._one(_with_group().where(ProviderRow.pcp_id == pcp_id))

    def find_member(self, network: PlanNetwork, pcp_id: str) -> Provider | None:
        return self._one(_in_network(_with_group(), network).where(ProviderRow.pcp_id == pcp_id))

    def has_group(self, network: PlanNetwork, group_id: str) -> bool:
        members = _members(network).join(ProviderRow, ProviderRow.pcp_id == NetworkMemberRow.pcp_id)
        return self._any(members.where(ProviderRow.group_id == group_id))

    def find_nearest(
        self,
        network: PlanNetwork,
        point: GeoPoint,
        criteria: ProviderFilter,
        limit: int,
        after: ProviderCursor | None = None,
    ) -> list[NearbyProvider]:
        distance = _distance(point)
        query = _in_network(_with_group(), network).add_columns(distance.label("tenth_miles"))
        query = query.join(ZipPointRow, ZipPointRow.zip == ProviderRow.zip).where(*_conditions(criteria))
        if criteria.radius_miles:
            query = query.where(distance <= criteria.radius_miles * 10)
        if after:
            query = query.where(tuple_(distance, ProviderRow.pcp_id) > (after.tenth_miles, after.pcp_id))
        rows = self._session.execute(query.order_by(distance, ProviderRow.pcp_id).limit(limit))
        return [NearbyProvider(_to_domain(row[0], row[1]), row.tenth_miles) for row in rows]

    def list_options(self, network: PlanNetwork) -> FilterOptions:
        row = self._session.get(NetworkRow, (network.plan_id, network.plan_year))
        return FilterOptions(tuple(row.specialties), tuple(row.languages)) if row else FilterOptions((), ())

    def _any(self, query: Query) -> bool:
        return self._session.execute(query.limit(1)).first() is not None

    def _one(self, query: Query) -> Provider | None:
        row = self._session.execute(query).first()
        return _to_domain(row[0], row[1]) if row else None


def _with_group() -> Query:
    return select(ProviderRow, MedicalGroupRow).outerjoin(
        MedicalGroupRow, MedicalGroupRow.group_id == ProviderRow.group_id
    )


def _in_network(query: Query, network: PlanNetwork) -> Query:
    member = NetworkMemberRow
    return query.join(
        member,
        and_(
            member.pcp_id == ProviderRow.pcp_id,
            member.plan_id == network.plan_id,
            member.plan_year == network.plan_year,
        ),
    )


def _members(network: PlanNetwork) -> Query:
    return select(NetworkMemberRow.pcp_id).where(
        NetworkMemberRow.plan_id == network.plan_id, NetworkMemberRow.plan_year == network.plan_year
    )


def _conditions(criteria: ProviderFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    name = func.concat(ProviderRow.name, " ", MedicalGroupRow.name)
    # every word somewhere: "haven ada" finds Ada Quillhaven
    found += [name.icontains(word, autoescape=True) for word in criteria.name.split()]
    if criteria.accepting_only:
        found.append(ProviderRow.accepting.is_(True))
    if criteria.group_id:
        found.append(ProviderRow.group_id == criteria.group_id)
    if criteria.panel:
        found.append(ProviderRow.panel == criteria.panel.value)
    if criteria.specialty:
        found.append(any_(_specialties_of()) == criteria.specialty)
    if criteria.language:
        found.append(ProviderRow.languages.contains([criteria.language]))
    if criteria.gender:
        found.append(ProviderRow.gender == criteria.gender.value)
    if criteria.age is not None:
        panels = [panel.value for panel in Panel if panel.takes(criteria.age)]
        found.append(ProviderRow.panel.in_(panels))
    return found


def _specialties_of() -> ColumnElement[list[str]]:
    return func.string_to_array(ProviderRow.specialty, ", ")


def _distance(point: GeoPoint) -> ColumnElement[int]:
    """Haversine distance between a ZIP's coordinates and the point, in whole tenths of a mile."""
    half_latitude = func.radians(ZipPointRow.latitude - point.latitude) / 2
    half_longitude = func.radians(ZipPointRow.longitude - point.longitude) / 2
    cosines = func.cos(func.radians(point.latitude)) * func.cos(func.radians(ZipPointRow.latitude))
    square = func.power(func.sin(half_latitude), 2) + cosines * func.power(func.sin(half_longitude), 2)
    return cast(func.round(2 * EARTH_TENTH_MILES * func.asin(func.least(1.0, func.sqrt(square)))), Integer)


def _to_domain(row: ProviderRow, group: MedicalGroupRow | None) -> Provider:
    return Provider(
        pcp_id=row.pcp_id,
        npi=row.npi,
        name=row.name,
        specialty=row.specialty,
        office=Office(row.address, row.city, row.state, row.zip, row.phone),
        accepting=row.accepting,
        panel=Panel(row.panel),
        group=MedicalGroup(group.group_id, group.name) if group else None,
        illustrative=row.illustrative,
        languages=tuple(row.languages),
        gender=Gender(row.gender) if row.gender else None,
        last_updated_on=row.last_updated_on,
    )
