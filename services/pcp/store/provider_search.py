"""Store: the statement of a search, built once for each set of filters.

A directory has no coordinates, so a distance is one between ZIPs: it is worked out for the few thousand of them, and
the offices near are found by ZIP and list of plans (docs/adr/0035). A provider with one office needs no looking for the
nearest of several: of those the page goes from ZIP to ZIP until it is full, and the total counts rows of the index.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
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
    bindparam,
    cast,
    func,
    literal_column,
    or_,
    select,
    true,
    tuple_,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on

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
    """One page, with the total; each provider once, at the nearest office that fits."""
    near = _zips_near(within_radius=shape.within_radius)
    only_one, not_only = LOCATION.c.only_office.is_(True), LOCATION.c.only_office.is_(False)
    several = (
        _offices(near, shape, not_only)
        .ext(distinct_on(LOCATION.c.pcp_id))
        .order_by(LOCATION.c.pcp_id, near.c.tenth_miles, LOCATION.c.place)
        .cte("several")
        .prefix_with("materialized", dialect="postgresql")
    )
    ones = _first(_offices(near, shape, only_one), near.c.tenth_miles, LOCATION.c.pcp_id, shape)
    others = _first(select(several), several.c.tenth_miles, several.c.pcp_id, shape)
    both = union_all(select(ones.subquery()), select(others.subquery())).subquery()
    page = select(both).order_by(both.c.tenth_miles, both.c.pcp_id).limit(bindparam("size")).cte("page")
    alone = _offices(near, shape, only_one).with_only_columns(func.count()).scalar_subquery()
    total = alone + select(func.count()).select_from(several).scalar_subquery()
    return _providers_of(page).add_columns(total.label("total"))


@lru_cache(maxsize=_MOST_SHAPES)
def first_statement(shape: SearchShape) -> Query:
    """The first provider of a search.

    The nearest office that fits is that of the nearest provider, however many offices each has. ZIPs come in order, and
    each gives one office at most: so those beyond the nearest are never read, and a network of a hundred thousand
    providers costs no more than a small one.
    """
    near = _zips_by_distance(within_radius=shape.within_radius).subquery("near")
    fits = LOCATION.c.zip == near.c.zip, *_fits(shape)
    # without the offset the database may go through the whole directory by id until it meets one of the ZIP
    listed = select(LOCATION.c.pcp_id, LOCATION.c.place).where(*fits).correlate(near).offset(literal_column("0"))
    of_zip = listed.lateral()
    office = select(of_zip).order_by(of_zip.c.pcp_id, of_zip.c.place).limit(1).lateral("office")
    nearest = near.c.tenth_miles, office.c.pcp_id, office.c.place
    return _providers_of(select(*nearest).join(office, true()).order_by(*nearest).limit(1).cte("page"))


def _offices(near: CTE, shape: SearchShape, *more: ColumnElement[bool]) -> Query:
    """All that fit, each with its distance."""
    there = near.join(LOCATION, LOCATION.c.zip == near.c.zip)
    shown = near.c.tenth_miles, LOCATION.c.pcp_id, LOCATION.c.place
    return select(*shown).select_from(there).where(*_fits(shape), *more)


def _fits(shape: SearchShape) -> tuple[ColumnElement[bool], ...]:
    return (IN_NETWORK, *(_CONDITIONS[name] for name in shape.conditions), *_names(shape))


def _providers_of(page: CTE) -> Query:
    at = and_(page.c.pcp_id == LOCATION.c.pcp_id, page.c.place == LOCATION.c.place)
    return PROVIDERS.add_columns(page.c.tenth_miles).join(page, at).order_by(page.c.tenth_miles, page.c.pcp_id)


def _first(query: Query, miles: ColumnElement[int], pcp_id: ColumnElement[str], shape: SearchShape) -> Query:
    if shape.after:
        query = query.where(tuple_(miles, pcp_id) > tuple_(bindparam("after_miles"), bindparam("after_pcp_id")))
    return query.order_by(miles, pcp_id).limit(bindparam("size"))


def _zips_near(*, within_radius: bool) -> CTE:
    return _zips_by_distance(within_radius=within_radius).cte("near").prefix_with("materialized", dialect="postgresql")


def _zips_by_distance(*, within_radius: bool) -> Query:
    """ZIPs with their distance, of a square first, which costs nothing, and of its circle then; the nearest first, so
    that offices need no sorting but within a distance."""
    distance = _distance()
    query = select(ZIP_POINT.c.zip, distance.label("tenth_miles")).order_by(distance)
    if within_radius:
        query = query.where(
            ZIP_POINT.c.latitude.between(bindparam("south"), bindparam("north")),
            ZIP_POINT.c.longitude.between(bindparam("west"), bindparam("east")),
            distance <= bindparam("tenths"),
        )
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
