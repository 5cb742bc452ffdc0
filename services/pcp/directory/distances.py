"""How far a provider is assigned: miles by county, and the county of each ZIP code."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from services.pcp.directory.files import DATA, DirectoryUnreadable, zip_files
from services.pcp.domain.assignment import AssignmentDistances

COUNTIES = DATA / "distances" / "counties.csv"
# Where no county is known: the middle of the sample.
OTHERWISE = 60
# As far as a search reaches.
MOST_MILES = 500


def read_distances(path: Path = COUNTIES) -> AssignmentDistances:
    """Raises DirectoryUnreadable, which names the line, for a file that is none."""
    try:
        miles = dict(_read_counties(path))
    except (OSError, UnicodeDecodeError) as missing:
        raise DirectoryUnreadable(f"{path.name} cannot be read: {missing}.") from None
    by_zip: dict[str, int] = {}
    for zip_code, county in _read_zips():
        if county in miles:  # of a ZIP in several counties the farthest: a doctor is better than none
            by_zip[zip_code] = max(miles[county], by_zip.get(zip_code, 0))
    return AssignmentDistances(by_zip, OTHERWISE)


def _read_counties(path: Path) -> Iterator[tuple[str, int]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        for row in rows:
            county, miles = row.get("county_fips") or "", row.get("miles") or ""
            if not (len(county) == 5 and miles.isdecimal() and 1 <= int(miles) <= MOST_MILES):
                wanted = f"give county_fips with 5 digits and miles from 1 to {MOST_MILES}."
                raise DirectoryUnreadable(f"{path.name}, line {rows.line_num}: {wanted}")
            yield county, int(miles)


def _read_zips() -> Iterator[tuple[str, str]]:
    for path in zip_files():
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                yield row["zip"], row.get("county_fips") or ""
