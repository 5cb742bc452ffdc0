"""Use case: addresses while one is typed, with their counties (R47, R52)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from services.enrollment.domain.steps import Address
from services.enrollment.usecases.application_service import ApplicationService
from services.enrollment.usecases.dtos import FoundAddress, ZipCounty
from services.enrollment.usecases.ports import AddressSearch

MOST_ADDRESSES = 10


@dataclass(frozen=True, slots=True)
class SearchAddresses:
    service: ApplicationService
    search: AddressSearch

    def __call__(self, text: str, state: str) -> list[FoundAddress]:
        found = self.search(text, state.upper(), MOST_ADDRESSES)
        with self.service.transactions() as work:
            counties = work.places.counties_of({address.zip for address in found})
        return [_with_counties(address, counties.get(address.zip, [])) for address in found]


def _with_counties(address: Address, counties: Sequence[ZipCounty]) -> FoundAddress:
    """Fills the county where the ZIP leaves no choice (R52)."""
    own = tuple(county for county in counties if county.state == address.state)
    if len(own) == 1 and not address.county_fips:
        address = replace(address, county_fips=own[0].fips, county_name=own[0].name)
    return FoundAddress(address, own)
