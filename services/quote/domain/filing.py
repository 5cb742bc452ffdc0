"""Domain: what one set of catalogue files says, ready to be stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from services.quote.domain.plan import Plan, Rate


class RateRow(NamedTuple):
    """A rate of a plan (14-character component id) in a rating area, ages ``age_from`` to ``age_to`` inclusive."""

    component_id: str
    state: str
    rating_area: int
    age_from: int
    age_to: int
    rate: Rate


class ServiceAreaRow(NamedTuple):
    """A county in a service area; ``zips`` is empty for the whole county, else the ZIPs that are served."""

    service_area_id: str
    county_fips: str
    zips: tuple[str, ...] = ()


class ZipRow(NamedTuple):
    zip: str
    county_fips: str


class CountyRow(NamedTuple):
    """A county and its rating area in both known maps."""

    fips: str
    name: str
    state: str
    area_2014_2017: int
    area_2025_on: int


@dataclass(frozen=True, slots=True)
class Filing:
    """The plans of one plan year, their rates and where they are sold."""

    plan_year: int
    plans: tuple[Plan, ...]
    rates: tuple[RateRow, ...]
    service_areas: tuple[ServiceAreaRow, ...]


@dataclass(frozen=True, slots=True)
class GeographyFiles:
    zips: tuple[ZipRow, ...]
    counties: tuple[CountyRow, ...]

    def fips_by_state(self) -> dict[str, tuple[str, ...]]:
        by_state: dict[str, list[str]] = {}
        for county in self.counties:
            by_state.setdefault(county.state, []).append(county.fips)
        return {state: tuple(fips) for state, fips in by_state.items()}
