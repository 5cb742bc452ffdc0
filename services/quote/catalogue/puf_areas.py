"""Catalogue: the CMS Service Area PUF: whole states, whole counties, and parts of counties by ZIP."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from services.quote.catalogue.rows import BadCell, Row, Watch, once, read, unwatched
from services.quote.domain.filing import ServiceAreaRow
from services.quote.domain.plan import ISSUER_IDS

_STATES = {state: state for state in ISSUER_IDS}
_YES_NO = {"Yes": True, "No": False}
_COLUMNS = (*("BusinessYear", "StateCode", "IssuerId", "ServiceAreaId", "CoverEntireState", "County", "PartialCounty"),)


def read_service_areas(
    path: Path, plan_year: int, fips_by_state: Mapping[str, tuple[str, ...]], watch: Watch = unwatched
) -> list[ServiceAreaRow]:
    """A row for each county; a whole state becomes all its counties. Raises ``FileRefused``."""
    unique = once("County")
    year = str(plan_year)

    def wanted(row: Row) -> bool:
        individual = row.text("MarketCoverage") in {"", "Individual"}
        ours = ISSUER_IDS.get(row.text("StateCode")) == row.text("IssuerId")
        return individual and ours and row.text("BusinessYear") == year

    def areas(row: Row) -> list[ServiceAreaRow]:
        area, state = row.required("ServiceAreaId"), row.choice("StateCode", _STATES)
        whole = row.choice("CoverEntireState", _YES_NO)
        counties = fips_by_state[state] if whole else (_county(row, fips_by_state[state]),)
        for county in counties:
            unique((area, county))
        zips = () if whole else _zips(row)
        return [ServiceAreaRow(area, county, zips) for county in counties]

    return [area for found in read(path, _COLUMNS, areas, wanted, watch=watch) for area in found]


def _county(row: Row, fips_of_state: tuple[str, ...]) -> str:
    county = row.matching("County", r"\d{5}")
    if county not in fips_of_state:
        raise BadCell("County", "is no county of the state")
    return county


def _zips(row: Row) -> tuple[str, ...]:
    if row.text("PartialCounty") != "Yes":
        return ()
    zips = tuple(part.strip() for part in row.required("ZipCodes").split(","))
    if not all(len(part) == 5 and part.isdigit() for part in zips):
        raise BadCell("ZipCodes", "is no list of 5-digit ZIP codes")
    return zips
