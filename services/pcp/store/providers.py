"""Store: the directory, read by network and distance.

A directory has no coordinates, so a distance is one between ZIPs: it is worked out for the few thousand of them, and
the offices near are found by ZIP and list of plans (docs/adr/0035).
"""

from __future__ import annotations

from math import cos, degrees, radians
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Integer,
    Select,
    Text,
    and_,
    any_,
    cast,
    false,
    func,
    literal,
    or_,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on
from sqlalchemy.orm import Session

from chassis.kernel.zip_prefixes import PREFIX_DIGITS
from services.pcp.domain.names import find_similar_keys, fold_name, is_similar
from services.pcp.domain.network import GeoPoint, PlanNetwork
from services.pcp.domain.provider import (
    Gender,
    MedicalGroup,
    NearbyProvider,
    NewPatients,
    Office,
    Panel,
    Provider,
)
from services.pcp.store.tables import LocationRow, MedicalGroupRow, NameWordRow, NetworkRow, ZipPointRow
from services.pcp.usecases.ports import FilterOptions, FoundProviders, ProviderCursor, ProviderFilter

# Mean radius of the earth, in tenths of a mile.
EARTH_TENTH_MILES = 39_588
# The best first: that of a provider is the best of his or her offices.
_OPEN_FIRST = (NewPatients.ACCEPTING, NewPatients.SOME_LOCATIONS, NewPatients.NOT_ACCEPTING)

_NAME_WORDS = cast(func.string_to_array(LocationRow.name_key, " "), ARRAY(Text))
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
        return self._network(network) is not None

    def find_newest_year(self, plan_id: str) -> int | None:
        return self._session.scalar(select(func.max(NetworkRow.plan_year)).where(NetworkRow.plan_id == plan_id))

    def find_provider(self, pcp_id: str) -> Provider | None:
        return self._best(_with_group().where(LocationRow.pcp_id == pcp_id))

    def list_offices(self, pcp_id: str) -> tuple[Office, ...]:
        rows = self._session.scalars(
            select(LocationRow).where(LocationRow.pcp_id == pcp_id).order_by(LocationRow.place)
        )
        return tuple(dict.fromkeys(map(_office, rows)))

    def find_member(self, network: PlanNetwork, pcp_id: str) -> Provider | None:
        return self._best(_with_group().where(LocationRow.pcp_id == pcp_id, self._in(network)))

    def has_group(self, network: PlanNetwork, group_id: str) -> bool:
        members = select(LocationRow.pcp_id).where(LocationRow.group_id == group_id, self._in(network))
        return self._session.execute(members.limit(1)).first() is not None

    def find_nearest(
        self,
        network: PlanNetwork,
        point: GeoPoint,
        criteria: ProviderFilter,
        limit: int,
        after: ProviderCursor | None = None,
    ) -> FoundProviders:
        near = _zips_near(point, criteria.radius_miles)
        conditions = (self._in(network), *self._names(criteria), *_conditions(criteria))
        nearest = select(LocationRow.pcp_id, func.min(near.c.tenth_miles).label("tenth_miles"))
        found = nearest.join(near, near.c.zip == LocationRow.zip).where(*conditions).group_by(LocationRow.pcp_id)
        fitting = found.cte("fitting")
        page = select(fitting, select(func.count()).select_from(fitting).scalar_subquery().label("total"))
        if after:
            page = page.where(tuple_(fitting.c.tenth_miles, fitting.c.pcp_id) > (after.tenth_miles, after.pcp_id))
        shown = page.order_by(fitting.c.tenth_miles, fitting.c.pcp_id).limit(limit).cte("shown")
        offices = _with_group().add_columns(shown.c.tenth_miles, shown.c.total)
        offices = offices.join(shown, shown.c.pcp_id == LocationRow.pcp_id)
        offices = offices.join(near, and_(near.c.zip == LocationRow.zip, near.c.tenth_miles == shown.c.tenth_miles))
        rows = self._session.execute(
            offices.where(*conditions)
            .ext(distinct_on(shown.c.tenth_miles, shown.c.pcp_id))
            .order_by(shown.c.tenth_miles, shown.c.pcp_id, LocationRow.place)
        ).all()
        providers = tuple(NearbyProvider(_to_domain(row[0], row[1]), row.tenth_miles) for row in rows)
        return FoundProviders(providers, rows[0].total if rows else 0)

    def list_options(self, network: PlanNetwork) -> FilterOptions:
        row = self._network(network)
        return FilterOptions(tuple(row.specialties), tuple(row.languages)) if row else FilterOptions((), ())

    def _network(self, network: PlanNetwork) -> NetworkRow | None:
        """Read once in a transaction."""
        return self._session.get(NetworkRow, (network.plan_id, network.plan_year))

    def _in(self, network: PlanNetwork) -> ColumnElement[bool]:
        row = self._network(network)
        return LocationRow.plan_list == any_(literal(row.plan_lists if row else [], ARRAY(Integer)))

    def _names(self, criteria: ProviderFilter) -> list[ColumnElement[bool]]:
        """Every word somewhere: "haven ada" finds Ada Quillhaven; what has no letter or digit is nobody's name."""
        words = fold_name(criteria.name).split()
        if criteria.name.strip() and not words:
            return [false()]
        if not criteria.similar_names:
            return [LocationRow.name_key.contains(word) for word in words]
        return [or_(LocationRow.name_key.contains(word), _NAME_WORDS.overlap(self._similar(word))) for word in words]

    def _similar(self, word: str) -> list[str]:
        keys = find_similar_keys(word)
        found = self._session.scalars(select(NameWordRow.word).where(NameWordRow.key.in_(keys)).distinct())
        return [other for other in found if is_similar(word, other)]

    def _best(self, query: Query) -> Provider | None:
        """Of one provider's offices: the first of those that take new patients."""
        found = [_to_domain(row[0], row[1]) for row in self._session.execute(query.order_by(LocationRow.place))]
        return min(found, key=lambda one: _OPEN_FIRST.index(one.new_patients), default=None)


def _with_group() -> Query:
    return select(LocationRow, MedicalGroupRow).outerjoin(
        MedicalGroupRow, MedicalGroupRow.group_id == LocationRow.group_id
    )


def _zips_near(point: GeoPoint, radius_miles: int) -> CTE:
    """ZIPs with their distance, of a square first, which costs nothing, and of its circle then."""
    distance = _distance(point)
    query = select(ZipPointRow.zip, distance.label("tenth_miles"))
    if radius_miles:
        # rounding keeps what is half a tenth beyond the circle
        reach = degrees((radius_miles * 10 + 1) / EARTH_TENTH_MILES)
        # towards the poles a degree of longitude is shorter; at the far side of the square it is the shortest
        wide = reach / max(0.01, cos(radians(min(89.0, abs(point.latitude) + reach))))
        query = query.where(
            ZipPointRow.latitude.between(point.latitude - reach, point.latitude + reach),
            ZipPointRow.longitude.between(point.longitude - wide, point.longitude + wide),
            distance <= radius_miles * 10,
        )
    return query.cte("near").prefix_with("materialized", dialect="postgresql")


def _conditions(criteria: ProviderFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if criteria.accepting_only or criteria.open_here:
        found.append(LocationRow.deactivated_on.is_(None))
    if criteria.accepting_only:
        found.append(LocationRow.new_patients != NewPatients.NOT_ACCEPTING.value)
    if criteria.open_here:
        found.append(LocationRow.new_patients == NewPatients.ACCEPTING.value)
    if criteria.group_id:
        found.append(LocationRow.group_id == criteria.group_id)
    if criteria.panel:
        found.append(LocationRow.panel == criteria.panel.value)
    if criteria.specialty:
        found.append(any_(func.string_to_array(LocationRow.specialty, ", ")) == criteria.specialty)
    if criteria.language:
        found.append(LocationRow.languages.contains([criteria.language]))
    if criteria.gender:
        found.append(LocationRow.gender == criteria.gender.value)
    if criteria.age is not None:
        found.append(LocationRow.panel.in_([panel.value for panel in Panel if panel.takes(criteria.age)]))
    return found


def _distance(point: GeoPoint) -> ColumnElement[int]:
    """Haversine distance between a ZIP's coordinates and the point, in whole tenths of a mile."""
    half_latitude = func.radians(ZipPointRow.latitude - point.latitude) / 2
    half_longitude = func.radians(ZipPointRow.longitude - point.longitude) / 2
    cosines = func.cos(func.radians(point.latitude)) * func.cos(func.radians(ZipPointRow.latitude))
    square = func.power(func.sin(half_latitude), 2) + cosines * func.power(func.sin(half_longitude), 2)
    return cast(func.round(2 * EARTH_TENTH_MILES * func.asin(func.least(1.0, func.sqrt(square)))), Integer)


def _office(row: LocationRow) -> Office:
    return Office(row.address, row.city, row.state, row.zip, row.phone)


def _to_domain(row: LocationRow, group: MedicalGroupRow | None) -> Provider:
    return Provider(
        pcp_id=row.pcp_id,
        npi=row.npi,
        name=row.name,
        specialty=row.specialty,
        office=_office(row),
        new_patients=NewPatients(row.new_patients),
        panel=Panel(row.panel),
        group=MedicalGroup(group.group_id, group.name) if group else None,
        illustrative=row.illustrative,
        languages=tuple(row.languages),
        gender=Gender(row.gender) if row.gender else None,
        last_updated_on=row.last_updated_on,
        deactivated_on=row.deactivated_on,
    )
