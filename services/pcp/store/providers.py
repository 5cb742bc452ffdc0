"""Store: the directory, read by network and distance."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, cast, func, select, tuple_
from sqlalchemy.orm import Session

from chassis.kernel.zip_prefixes import PREFIX_DIGITS
from services.pcp.domain.provider import MedicalGroup, NearbyProvider, Panel, Place, Provider
from services.pcp.store.tables import MedicalGroupRow, NetworkMemberRow, ProviderRow, ZipSpotRow
from services.pcp.usecases.ports import Network, Seen, Spot, Wish

# Mean radius of the earth, in tenths of a mile.
EARTH_TENTH_MILES = 39_588

Query = Select[*tuple[Any, ...]]


class ProviderRepository:
    def __init__(self, session: Session) -> None:
        self._session = session

    def spot(self, zip_code: str) -> Spot | None:
        row = self._session.get(ZipSpotRow, zip_code)
        return Spot(row.latitude, row.longitude) if row else self._middle_of(zip_code[:PREFIX_DIGITS])

    def _middle_of(self, prefix: str) -> Spot | None:
        middle = select(func.avg(ZipSpotRow.latitude), func.avg(ZipSpotRow.longitude))
        latitude, longitude = self._session.execute(middle.where(ZipSpotRow.zip.startswith(prefix))).one()
        return None if latitude is None else Spot(latitude, longitude, estimated=True)

    def has_network(self, network: Network) -> bool:
        return self._any(_members(network))

    def get(self, pcp_id: str) -> Provider | None:
        return self._one(_with_group().where(ProviderRow.pcp_id == pcp_id))

    def member(self, network: Network, pcp_id: str) -> Provider | None:
        return self._one(_in_network(_with_group(), network).where(ProviderRow.pcp_id == pcp_id))

    def has_group(self, network: Network, group_id: str) -> bool:
        members = _members(network).join(ProviderRow, ProviderRow.pcp_id == NetworkMemberRow.pcp_id)
        return self._any(members.where(ProviderRow.group_id == group_id))

    def nearest(
        self, network: Network, spot: Spot, wish: Wish, limit: int, after: Seen | None = None
    ) -> list[NearbyProvider]:
        distance = _distance(spot)
        query = _in_network(_with_group(), network).add_columns(distance.label("tenth_miles"))
        query = query.join(ZipSpotRow, ZipSpotRow.zip == ProviderRow.zip).where(*_conditions(wish))
        if after:
            query = query.where(tuple_(distance, ProviderRow.pcp_id) > (after.tenth_miles, after.pcp_id))
        rows = self._session.execute(query.order_by(distance, ProviderRow.pcp_id).limit(limit))
        return [NearbyProvider(_to_domain(row[0], row[1]), row.tenth_miles) for row in rows]

    def _any(self, query: Query) -> bool:
        return self._session.execute(query.limit(1)).first() is not None

    def _one(self, query: Query) -> Provider | None:
        row = self._session.execute(query).first()
        return _to_domain(row[0], row[1]) if row else None


def _with_group() -> Query:
    return select(ProviderRow, MedicalGroupRow).outerjoin(
        MedicalGroupRow, MedicalGroupRow.group_id == ProviderRow.group_id
    )


def _in_network(query: Query, network: Network) -> Query:
    member = NetworkMemberRow
    return query.join(
        member,
        and_(
            member.pcp_id == ProviderRow.pcp_id,
            member.plan_id == network.plan_id,
            member.plan_year == network.plan_year,
        ),
    )


def _members(network: Network) -> Query:
    return select(NetworkMemberRow.pcp_id).where(
        NetworkMemberRow.plan_id == network.plan_id, NetworkMemberRow.plan_year == network.plan_year
    )


def _conditions(wish: Wish) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    name = func.concat(ProviderRow.name, " ", MedicalGroupRow.name)
    # every word somewhere: "haven ada" finds Ada Quillhaven
    found += [name.icontains(word, autoescape=True) for word in wish.name.split()]
    if wish.accepting_only:
        found.append(ProviderRow.accepting.is_(True))
    if wish.group_id:
        found.append(ProviderRow.group_id == wish.group_id)
    if wish.age is not None:
        panels = [panel.value for panel in Panel if panel.takes(wish.age)]
        found.append(ProviderRow.panel.in_(panels))
    return found


def _distance(spot: Spot) -> ColumnElement[int]:
    """Haversine distance between a ZIP's coordinates and the spot, in whole tenths of a mile."""
    half_latitude = func.radians(ZipSpotRow.latitude - spot.latitude) / 2
    half_longitude = func.radians(ZipSpotRow.longitude - spot.longitude) / 2
    cosines = func.cos(func.radians(spot.latitude)) * func.cos(func.radians(ZipSpotRow.latitude))
    square = func.power(func.sin(half_latitude), 2) + cosines * func.power(func.sin(half_longitude), 2)
    return cast(func.round(2 * EARTH_TENTH_MILES * func.asin(func.least(1.0, func.sqrt(square)))), Integer)


def _to_domain(row: ProviderRow, group: MedicalGroupRow | None) -> Provider:
    return Provider(
        pcp_id=row.pcp_id,
        npi=row.npi,
        name=row.name,
        specialty=row.specialty,
        place=Place(row.address, row.city, row.state, row.zip, row.phone),
        accepting=row.accepting,
        panel=Panel(row.panel),
        group=MedicalGroup(group.group_id, group.name) if group else None,
        illustrative=row.illustrative,
    )
