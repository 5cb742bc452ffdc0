"""Use case: the counties of a ZIP, for the question "which county?"."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import Clock, InvalidInput, NotFound, business_date, get_markets
from services.quote.domain.geography import UNKNOWN_ZIP, Geography, RatingLocation, read_zip
from services.quote.domain.plan_year import explain_plan_years
from services.quote.usecases.ports import Catalogues


@dataclass(frozen=True, slots=True)
class CountiesOfZip:
    """``listed`` is False for a ZIP that the list lacks; ``locations`` are then all counties of its state."""

    locations: tuple[RatingLocation, ...]
    listed: bool


@dataclass(frozen=True, slots=True)
class FindCounties:
    """Anybody who is signed in may ask."""

    catalogues: Catalogues
    clock: Clock

    def __call__(self, zip_code: str, plan_year: int) -> CountiesOfZip:
        """``plan_year`` 0 is the current one. NotFound for a ZIP outside the states served."""
        today = business_date(self.clock.now(), get_markets().home.state)
        catalogue, zip_code = self.catalogues.current(), read_zip(zip_code)
        year = plan_year or today.year
        found = _locations(catalogue.geography, zip_code, year)
        if found is None:
            message = explain_plan_years(year, catalogue.plan_years, today)
            raise InvalidInput.at("plan_year", message, rule="R12")
        return CountiesOfZip(tuple(found), catalogue.geography.lists(zip_code))


def _locations(geography: Geography, zip_code: str, year: int) -> list[RatingLocation] | None:
    """None when the rating areas of the year are not known."""
    try:
        counties = geography.counties(zip_code)
    except InvalidInput as refusal:
        if refusal.code != UNKNOWN_ZIP:
            raise
        raise NotFound(refusal.problems[0].message, code=refusal.code, problems=refusal.problems) from None
    locations = []
    for county in counties:
        area = county.known_area(year)
        if area is None:
            return None
        locations.append(RatingLocation(zip_code, county, area))
    return locations
