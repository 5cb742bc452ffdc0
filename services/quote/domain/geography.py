"""Domain: from a ZIP to its counties to the rating area of a plan year (rules.md section 4).

The rating area follows the home county, and a ZIP may lie in several counties, even in two states.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from chassis.kernel import InvalidInput, get_markets
from chassis.kernel.number_length import wrong_length
from chassis.kernel.zip_prefixes import five_digits, states_of_zip

UNKNOWN_ZIP = "unknown_zip"


@dataclass(frozen=True, slots=True)
class AreaSpan:
    """A rating area for plan years ``first`` to ``last``; ``last`` is None while it is in force."""

    first: int
    last: int | None
    rating_area: int

    def covers(self, plan_year: int) -> bool:
        return self.first <= plan_year and (self.last is None or plan_year <= self.last)


@dataclass(frozen=True, slots=True)
class County:
    """A county of a state that is served; ``fips`` has five digits."""

    fips: str
    name: str
    state: str
    areas: tuple[AreaSpan, ...]

    def rating_area(self, plan_year: int) -> int:
        """Keyed by plan year: Texas went from 26 to 27 areas. Years between the two known maps are refused."""
        area = self.known_area(plan_year)
        if area is None:
            raise InvalidInput.at(
                "effective_date",
                f"The rating areas of {self.name} County for {plan_year} are not available. Choose another effective "
                f"date, or ask your administrator to load the plan year {plan_year}.",
            )
        return area

    def known_area(self, plan_year: int) -> int | None:
        return next((span.rating_area for span in self.areas if span.covers(plan_year)), None)


@dataclass(frozen=True, slots=True)
class RatingLocation:
    """Where a household lives, as rating sees it."""

    zip: str
    county: County
    rating_area: int


@dataclass(frozen=True)
class Geography:
    by_zip: Mapping[str, tuple[County, ...]]

    @cached_property
    def _by_fips(self) -> dict[str, County]:
        return {county.fips: county for found in self.by_zip.values() for county in found}

    def lists(self, zip_code: str) -> bool:
        return zip_code in self.by_zip

    def counties(self, zip_code: str) -> tuple[County, ...]:
        """In order of name. Of a ZIP that the list lacks (the post office makes new ones): all counties of the states
        that its first three digits belong to. Refuses what is no ZIP, and a ZIP outside the states served.
        """
        zip_code = read_zip(zip_code)
        states = states_of_zip(zip_code)
        counties = self.by_zip.get(zip_code) or self._counties_of(states)
        if not counties:
            message = f"This ZIP code is not in {get_markets().join_names('or')}."
            raise InvalidInput.at("zip", message, rule="R2", code=UNKNOWN_ZIP)
        return counties

    def location(self, state: str, zip_code: str, county_fips: str, plan_year: int) -> RatingLocation:
        """``state`` may be empty when the ZIP lies in one state, ``county_fips`` when in one county of it.

        A ZIP that the list lacks needs its county.
        """
        zip_code = read_zip(zip_code)
        here = self.counties(zip_code)
        state = state or _only_state(here)
        in_state = [county for county in here if county.state == state]
        if not in_state:
            raise InvalidInput.at("state", "This ZIP code is not in that state; correct one of the two.", rule="R26")
        if not county_fips and not self.lists(zip_code):
            message = "This ZIP code is not in our list. Check its digits; if it is right, choose the county."
            raise InvalidInput.at("county_fips", message, rule="R52")
        if not self.lists(zip_code) and county_fips not in {county.fips for county in in_state}:
            raise InvalidInput.at("county_fips", f"Choose a county of {state}, where this ZIP code is.", rule="R52")
        county = _choose(in_state, here, county_fips)
        return RatingLocation(zip_code, county, county.rating_area(plan_year))

    def _counties_of(self, states: frozenset[str]) -> tuple[County, ...]:
        found = (county for county in self._by_fips.values() if county.state in states)
        return tuple(sorted(found, key=lambda county: county.name))

    def saved_location(self, zip_code: str, county_fips: str, plan_year: int) -> RatingLocation:
        """A place that was checked when it was saved; it stays good when the post office moves the ZIP."""
        county = self._by_fips[county_fips]
        return RatingLocation(zip_code, county, county.rating_area(plan_year))


def read_zip(typed: str) -> str:
    """The five digits that rating uses, also of a ZIP+4."""
    found = five_digits(typed)
    if found is None:
        raise InvalidInput.at("zip", wrong_length("A ZIP code", 5, typed), rule="R63")
    return found


def _only_state(here: tuple[County, ...]) -> str:
    states = sorted({county.state for county in here})
    if len(states) > 1:
        message = f"This ZIP code is in two states; choose {' or '.join(states)}."
        raise InvalidInput.at("state", message, rule="R26", code="ambiguous_state")
    return states[0]


def _choose(in_state: list[County], here: tuple[County, ...], county_fips: str) -> County:
    if not county_fips:
        if len(in_state) > 1:
            raise InvalidInput.at(
                "county_fips", "This ZIP code is in more than one county; choose the county.", rule="R52"
            )
        return in_state[0]
    for county in in_state:
        if county.fips == county_fips:
            return county
    if any(county.fips == county_fips for county in here):
        raise InvalidInput.at(
            "county_fips", "This county is in another state; choose a county in this state.", rule="R26"
        )
    raise InvalidInput.at("county_fips", "This county is not in the ZIP code; choose one of its counties.", rule="R52")
