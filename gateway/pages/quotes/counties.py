"""Which counties a ZIP code may lie in, for the form of a quote (R52)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request
from suite.quote.v1 import quote_pb2, quote_service_pb2

from chassis.kernel import InvalidInput
from gateway.edge.rpcs import QUOTE
from gateway.edge.service_calls import ask_service
from gateway.pages.forms.typed_values import parse_date
from gateway.pages.quotes.household_form import HouseholdForm


@dataclass(frozen=True, slots=True)
class CountyOptions:
    """To choose from; ``not_listed``: the ZIP is not in the list, and these are all counties of the state."""

    found: Sequence[quote_pb2.County] = ()
    not_listed: bool = False

    @property
    def asked(self) -> bool:
        return len(self.found) > 1


async def find_counties(request: Request, form: HouseholdForm, state: str) -> CountyOptions:
    """The counties of the ZIP that lie in the state; a single one answers the question by itself.

    Raises InvalidInput at ``zip`` when there is none.
    """
    if not form.zip or not state:
        return CountyOptions()
    day = parse_date(form.effective_date)
    year = int(day[:4]) if day else 0
    asked = quote_service_pb2.ListCountiesRequest(zip=form.zip, plan_year=year)
    answer = await ask_service(request, QUOTE["ListCounties"], asked, quote_service_pb2.ListCountiesResponse)
    counties = [county for county in answer.counties if county.state == state]
    if not counties:
        raise InvalidInput.at(
            "zip", f"This ZIP code is not in {state}. Enter a ZIP code in the state of the writing number.", rule="R26"
        )
    if form.county_fips not in {county.fips for county in counties}:
        form.county_fips = counties[0].fips if len(counties) == 1 else ""
    return CountyOptions(counties, answer.zip_not_listed)
