"""Catalogue: ZIP -> county, and county -> rating area in both known maps."""

from __future__ import annotations

from collections.abc import Sequence, Set
from pathlib import Path

from services.quote.catalogue.row_filter import is_served, served_state
from services.quote.catalogue.rows import BadCell, Row, read_header, read_rows, refuse_contradicting, refuse_repeated
from services.quote.domain.filing import FiledCounty, FiledZip, GeographyFiles

# A shipped file, and one of a market's own folder, call the same columns differently.
_ZIP_COLUMNS = (("zipcode", "county_code"), ("zip", "county_fips"))


def read_geography(zip_files: Sequence[Path], county_files: Sequence[Path]) -> GeographyFiles:
    """Rows of states that are not served are left out. A county that a market's own file has too has to be the same in
    both. Raises ``FilingRefused``."""
    new = refuse_contradicting("county_fips", "county")

    def county(row: Row) -> FiledCounty | None:
        found = _county(row)
        return found if new(found.fips, found) else None

    rows = [found for path in county_files for found in read_rows(path, _COUNTY_COLUMNS, county, is_served)]
    counties = [found for found in rows if found]
    known = {county.fips for county in counties}
    zips = [found for path in zip_files for found in _read_zips(path, known)]
    return GeographyFiles(tuple(dict.fromkeys(zips)), tuple(counties))


def _read_zips(path: Path, known: Set[str]) -> Sequence[FiledZip]:
    named = read_header(path)
    zip_column, county_column = next((c for c in _ZIP_COLUMNS if named.keys() >= set(c)), _ZIP_COLUMNS[0])
    unique = refuse_repeated(zip_column)

    def zip_row(row: Row) -> FiledZip:
        found = FiledZip(row.matching(zip_column, r"\d{5}"), row.matching(county_column, r"\d{5}"))
        if found.county_fips not in known:
            raise BadCell(county_column, "has no rating area")
        unique(found)
        return found

    return read_rows(path, ("state", zip_column, county_column), zip_row, is_served)


_COUNTY_COLUMNS = ("state", "county_fips", "county_name", "rating_area_2014_2017", "rating_area_2025")


def _county(row: Row) -> FiledCounty:
    return FiledCounty(
        fips=row.matching("county_fips", r"\d{5}"),
        name=row.required("county_name"),
        state=served_state(row, "state"),
        area_2014_2017=row.number("rating_area_2014_2017"),
        area_2025_on=row.number("rating_area_2025"),
    )
