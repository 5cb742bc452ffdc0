"""Store: the statement of a search, built once for each set of filters.

A directory has no coordinates, so a distance is one between ZIPs: it is worked out for the few thousand of them, and
the offices near are found by ZIP and list of plans (docs/adr/0035). A search goes from ZIP to ZIP, the nearest first,
until page and count are full.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from math import cos, degrees, radians
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Subquery,
    Text,
    and_,
    any_,
    bindparam,
    cast,
    func,
    literal_column,
    or_,
    select,
    true,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY

from services.pcp.domain.network import GeoPoint
from services.pcp.domain.provider import NewPatients, Panel
from services.pcp.store.tables import LocationRow, MedicalGroupRow, ZipPointRow
from services.pcp.usecases.ports import ProviderFilter

Query = Select[*tuple[Any, ...]]
LOCATION, GROUP, ZIP_POINT = LocationRow.__table__, MedicalGroupRow.__table__, ZipPointRow.__table__
# Mean radius of the earth, in tenths of a mile.
EARTH_TENTH_MILES = 39_588
# Filters times words of a name: more shapes than people ask for, and few enough to keep.
_MOST_SHAPES = 512

_open = LOCATION.c.deactivated_on.is_(None)
_CONDITIONS: dict[str, ColumnElement[bool]] = {
    "accepting_only": and_(_open, LOCATION.c.new_patients != NewPatients.NOT_ACCEPTING.value),
    "open_here": and_(_open, LOCATION.c.new_patients == NewPatients.ACCEPTING.value),
    "group_id": LOCATION.c.group_id == bindparam("group_id"),
    "panel": LOCATION.c.panel == bindparam("panel"),
    "age": LOCATION.c.panel == any_(bindparam("age", type_=ARRAY(Text))),
    "specialty": bindparam("specialty", type_=Text) == any_(func.string_to_array(LOCATION.c.specialty, ", ")),
    "language": bindparam("language", type_=Text) == any_(LOCATION.c.languages),
    "gender": LOCATION.c.gender == bindparam("gender"),
}
_NAME_WORDS = cast(func.string_to_array(LOCATION.c.name_key, " "), ARRAY(Text))
IN_NETWORK: ColumnElement[bool] = LOCATION.c.plan_list == any_(bindparam("plan_lists", type_=ARRAY(Integer)))
# A provider at one office, with the group.
PROVIDERS: Query = select(*LOCATION.c, GROUP.c.name.label("group_name")).outerjoin(
    GROUP, GROUP.c.group_id == LOCATION.c.group_id
)


@dataclass(frozen=True, slots=True)
class SearchShape:
    """What the statement depends on. ``words``: how many the name has; ``similar``: each may have typing errors."""

    conditions: tuple[str, ...]
    words: int
    similar: bool
    within_radius: bool
    after: bool = False


def condition_values(criteria: ProviderFilter) -> dict[str, Any]:
    """The conditions of the filters that are asked for, with their values; of an age the panels that take it."""
    asked = {
        "accepting_only": criteria.accepting_only,
        "open_here": criteria.open_here,
        "group_id": criteria.group_id,
        "panel": criteria.panel and criteria.panel.value,
        "age": criteria.age is not None and [panel.value for panel in Panel if panel.takes(criteria.age)],
        "specialty": criteria.specialty,
        "language": criteria.language,
        "gender": criteria.gender and criteria.gender.value,
    }
    return {name: value for name, value in asked.items() if value}


def place_values(point: GeoPoint, radius_miles: int) -> dict[str, float]:
    """The point and, with a radius, the sides of the square around its circle."""
    at = {"latitude": point.latitude, "longitude": point.longitude}
    if not radius_miles:
        return at
    # rounding keeps what is half a tenth beyond the circle
    reach = degrees((radius_miles * 10 + 1) / EARTH_TENTH_MILES)
    # towards the poles a degree of longitude is shorter; at the far side of the square it is the shortest
    wide = reach / max(0.01, cos(radians(min(89.0, abs(point.latitude) + reach))))
    sides = {"south": point.latitude - reach, "north": point.latitude + reach}
    return {**at, **sides, "west": point.longitude - wide, "east": point.longitude + wide, "tenths": radius_miles * 10}


@lru_cache(maxsize=_MOST_SHAPES)
def search_statement(shape: SearchShape) -> Query:
    """One page of ``size``, with how many there are up to ``most``; each provider once, at the nearest office that
    fits.
    """
    offices = _offices_by_distance(shape)
    order = offices.c.tenth_miles, offices.c.pcp_id, offices.c.place
    nearest = or_(offices.c.only_office, ~_has_nearer(offices, shape))
    found = select(*order).where(nearest).order_by(*order).limit(bindparam("most")).cte("found")
    page = select(found).order_by(found.c.tenth_miles, found.c.pcp_id).limit(bindparam("size")).subquery("page")
    counted = select(func.count()).select_from(found).scalar_subquery().label("counted")
    at = and_(page.c.pcp_id == LOCATION.c.pcp_id, page.c.place == LOCATION.c.place)
    shown = PROVIDERS.add_columns(page.c.tenth_miles, counted).join(page, at)
    return shown.order_by(page.c.tenth_miles, page.c.pcp_id)


def _offices_by_distance(shape: SearchShape) -> Subquery:
    """All that fit. The database reads them ZIP by ZIP and only as far as it is asked for more.

    The offsets of nothing are on purpose. Without the first it may go through the whole directory by id until it meets
    one of the ZIP; without the second it looks for nearer offices of each provider of a ZIP before it sorts them.
    """
    near = _zips_by_distance(shape).subquery("near")
    nothing: ColumnElement[int] = literal_column("0")
    shown = LOCATION.c.pcp_id, LOCATION.c.place, LOCATION.c.only_office
    of_zip = select(*shown).where(LOCATION.c.zip == near.c.zip, *_fits(shape)).correlate(near).offset(nothing)
    office = of_zip.lateral("office")
    order = near.c.tenth_miles, office.c.pcp_id, office.c.place
    offices = select(*order, office.c.only_office).join(office, true())
    if shape.after:
        last = tuple_(bindparam("after_miles"), bindparam("after_pcp_id"))
        offices = offices.where(tuple_(near.c.tenth_miles, office.c.pcp_id) > last)
    return offices.order_by(*order).offset(nothing).subquery("offices")


def _has_nearer(offices: Subquery, shape: SearchShape) -> ColumnElement[bool]:
    """The provider has another office that fits and comes first."""
    others = select(LOCATION.c.place).join(ZIP_POINT, ZIP_POINT.c.zip == LOCATION.c.zip)
    first = tuple_(_distance(), LOCATION.c.place) < tuple_(offices.c.tenth_miles, offices.c.place)
    return others.where(LOCATION.c.pcp_id == offices.c.pcp_id, *_fits(shape), first).exists()


def _fits(shape: SearchShape) -> tuple[ColumnElement[bool], ...]:
    return (IN_NETWORK, *(_CONDITIONS[name] for name in shape.conditions), *_names(shape))


def _zips_by_distance(shape: SearchShape) -> Query:
    """ZIPs with their distance, of a square first, which costs nothing, and of its circle then."""
    distance = _distance()
    query = select(ZIP_POINT.c.zip, distance.label("tenth_miles")).order_by(distance)
    if shape.within_radius:
        query = query.where(
            ZIP_POINT.c.latitude.between(bindparam("south"), bindparam("north")),
            ZIP_POINT.c.longitude.between(bindparam("west"), bindparam("east")),
            distance <= bindparam("tenths"),
        )
    if shape.after:
        query = query.where(distance >= bindparam("after_miles"))
    return query


def _distance() -> ColumnElement[int]:
    """Haversine distance between a ZIP's coordinates and the point, in whole tenths of a mile."""
    latitude: ColumnElement[float] = bindparam("latitude")
    half_latitude = func.radians(ZIP_POINT.c.latitude - latitude) / 2
    half_longitude = func.radians(ZIP_POINT.c.longitude - bindparam("longitude")) / 2
    cosines = func.cos(func.radians(latitude)) * func.cos(func.radians(ZIP_POINT.c.latitude))
    square = func.power(func.sin(half_latitude), 2) + cosines * func.power(func.sin(half_longitude), 2)
    return cast(func.round(2 * EARTH_TENTH_MILES * func.asin(func.least(1.0, func.sqrt(square)))), Integer)


def _names(shape: SearchShape) -> list[ColumnElement[bool]]:
    """Every word somewhere: "haven ada" finds Ada Quillhaven."""
    found: list[ColumnElement[bool]] = []
    for place in range(shape.words):
        exact: ColumnElement[bool] = LOCATION.c.name_key.contains(bindparam(f"word_{place}"))
        similar: Callable[[Any], ColumnElement[bool]] = _NAME_WORDS.overlap
        found.append(or_(exact, similar(bindparam(f"similar_{place}", type_=ARRAY(Text)))) if shape.similar else exact)
    return found
