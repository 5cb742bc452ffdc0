"""Catalogue: ZIP -> county, and county -> rating area in both known maps."""

from __future__ import annotations

from pathlib import Path

from services.quote.catalogue.ours import served_state
from services.quote.catalogue.rows import BadCell, Row, once, read
from services.quote.domain.filing import FiledCounty, FiledZip, GeographyFiles


def read_geography(zip_file: Path, county_file: Path) -> GeographyFiles:
    counties = read(county_file, _COUNTY_COLUMNS, _county)
    known = {county.fips for county in counties}
    unique = once("zipcode")

    def zip_row(row: Row) -> FiledZip:
        found = FiledZip(row.matching("zipcode", r"\d{5}"), row.matching("county_code", r"\d{5}"))
        if found.county_fips not in known:
            raise BadCell("county_code", "has no rating area")
        unique(found)
        return found

    zips = read(zip_file, ("zipcode", "county_code"), zip_row)
    return GeographyFiles(tuple(zips), tuple(counties))


_COUNTY_COLUMNS = ("state", "county_fips", "county_name", "rating_area_2014_2017", "rating_area_2025")


def _county(row: Row) -> FiledCounty:
    return FiledCounty(
        fips=row.matching("county_fips", r"\d{5}"),
        name=row.required("county_name"),
        state=served_state(row, "state"),
        area_2014_2017=row.number("rating_area_2014_2017"),
        area_2025_on=row.number("rating_area_2025"),
    )
