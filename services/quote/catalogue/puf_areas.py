"""Catalogue: the CMS Service Area PUF: whole states, whole counties, and parts of counties by ZIP.

An issuer files through several sources (HIOS, SERFF, and OPM for multi-state plans), and each may use the same service
area id: ``NMS001`` of 2014 is there twice. Where they say the same it is one service area; where they differ, a plan
has the one of its own source. A market or a dental file repeats rows too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from chassis.kernel import get_markets
from services.quote.catalogue.row_filter import served_state
from services.quote.catalogue.rows import BadCell, Row, Watch, ignore_progress, read_rows
from services.quote.domain.filing import FiledServiceArea

_YES_NO = {"Yes": True, "No": False}
_COLUMNS = (*("BusinessYear", "StateCode", "IssuerId", "ServiceAreaId", "CoverEntireState", "County", "PartialCounty"),)

Counties = dict[str, tuple[str, ...]]
"""FIPS -> the ZIPs that are served, none for the whole county."""


class FiledAreas:
    """Service areas by id and by the source that filed them."""

    def __init__(self) -> None:
        self._by_id: dict[str, dict[str, Counties]] = {}

    def add(self, area: str, source: str, county: str, zips: tuple[str, ...]) -> None:
        """Raises ``BadCell`` when the source said something else about the county before."""
        counties = self._by_id.setdefault(area, {}).setdefault(source, {})
        if counties.setdefault(county, zips) != zips:
            raise BadCell("County", "differs from an earlier row of the same service area and county; keep one of them")

    def key(self, area: str, source: str) -> str:
        """The id under which ``rows`` has a plan's service area. Raises ``BadCell`` when it cannot be told."""
        filed = self._by_id.get(area, {})
        if _agree(filed):
            return area
        if source not in filed:
            reason = (
                f"is filed by {' and '.join(sorted(filed))} with different counties; SourceName has to say whose it is"
            )
            raise BadCell("ServiceAreaId", reason)
        return _key_of(area, source)

    def rows(self) -> Iterator[FiledServiceArea]:
        for area, filed in self._by_id.items():
            agreed = _agree(filed)
            for source, counties in list(filed.items())[: 1 if agreed else None]:
                key = area if agreed else _key_of(area, source)
                yield from (FiledServiceArea(key, county, zips) for county, zips in counties.items())


def _agree(filed: Mapping[str, Counties]) -> bool:
    said = list(filed.values())
    return all(one == said[0] for one in said[1:])


def _key_of(area: str, source: str) -> str:
    return f"{area} {source}"


def read_service_areas(
    path: Path, plan_year: int, fips_by_state: Mapping[str, tuple[str, ...]], watch: Watch = ignore_progress
) -> FiledAreas:
    """A whole state becomes all its counties. Raises ``FilingRefused``."""
    found, year = FiledAreas(), str(plan_year)

    def wanted(row: Row) -> bool:
        individual = row.text("MarketCoverage") in {"", "Individual"}
        ours = get_markets().issuer_of(row.text("StateCode")) == row.text("IssuerId")
        return individual and ours and row.text("BusinessYear") == year

    def add(row: Row) -> None:
        area, state = row.required("ServiceAreaId"), served_state(row, "StateCode")
        whole = row.choice("CoverEntireState", _YES_NO)
        zips = () if whole else _zips(row)
        for county in fips_by_state[state] if whole else (_county(row, fips_by_state[state]),):
            found.add(area, row.text("SourceName"), county, zips)

    read_rows(path, _COLUMNS, add, wanted, watch=watch)
    return found


def _county(row: Row, fips_of_state: tuple[str, ...]) -> str:
    # "17183.0": a spreadsheet or data frame took the code for a number on the way.
    county = row.matching("County", r"\d{5}(\.0)?").removesuffix(".0")
    if county not in fips_of_state:
        raise BadCell("County", "is not a county of the state")
    return county


def _zips(row: Row) -> tuple[str, ...]:
    if row.text("PartialCounty") != "Yes":
        return ()
    zips = tuple(part.strip() for part in row.required("ZipCodes").split(","))
    if not all(len(part) == 5 and part.isdigit() for part in zips):
        raise BadCell("ZipCodes", "is not a list of 5-digit ZIP codes")
    return zips
