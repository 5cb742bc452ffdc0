"""Writes ``offices.csv``: street addresses for the made-up directory, real ones of facilities, without their names.

Run it from the top of the repository, then ``generate.py``; both files are committed. The folder is the one of the
source that SOURCE.md names:

    python -m services.pcp.data.illustrative.make_offices synthea/src/main/resources/providers
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from sys import argv

from services.pcp.data.illustrative.generate import OFFICES, Point, cities, miles

# Outpatient therapists are left out, since many of them work from home.
LEFT_OUT = "rehab"
# A facility whose coordinates are farther from the middle of its ZIP has a wrong one, the ZIP of its mail for example.
MOST_MILES = 8

DIRECTIONS = {"NORTH": "N", "SOUTH": "S", "EAST": "E", "WEST": "W"}
DIRECTIONS |= {"NORTHEAST": "NE", "NORTHWEST": "NW", "SOUTHEAST": "SE", "SOUTHWEST": "SW"}
# As the Postal Service abbreviates them, so that one building is one address.
KINDS = {"AVENUE": "AVE", "BOULEVARD": "BLVD", "CIRCLE": "CIR", "COURT": "CT", "DRIVE": "DR", "EXPRESSWAY": "EXPY"}
KINDS |= {"FREEWAY": "FWY", "HIGHWAY": "HWY", "LANE": "LN", "LOOP": "LOOP", "PARKWAY": "PKWY", "PLACE": "PL"}
KINDS |= {"PLAZA": "PLZ", "ROAD": "RD", "SQUARE": "SQ", "STREET": "ST", "TERRACE": "TER", "TRAIL": "TRL", "WAY": "WAY"}
SHORT = DIRECTIONS | KINDS
UPPER = {*DIRECTIONS.values(), "LBJ", "TC"}
SUITE = re.compile(r"(?:[,;#]| (?:STE|SUITE|UNIT|BLDG|BUILDING|FLOOR|ROOM|RM)\b).*")
SIDE = f"(?:{'|'.join(DIRECTIONS.values())})"
NAME = "(?:[A-Z][A-Z-]+|[0-9]+(?:ST|ND|RD|TH))(?: [A-Z-]+)*"
STREET = re.compile(rf"[0-9]+ (?:{SIDE} )?{NAME} (?:{'|'.join(KINDS.values())})(?: {SIDE})?")


def main(folder: Path) -> None:
    towns = {(city.state, city.name.upper()): city for city in cities()}
    found: dict[tuple[str, str, str], str] = {}
    for row in _facilities(folder):
        city = towns.get((row["state"], row["city"].strip().upper()))
        street, zip_code = _building(row["address"]), row["zip"][:5]
        if city and street and zip_code in city.zips and _is_near(row, city.zips[zip_code]):
            found.setdefault((city.state, city.name, street), zip_code)
    with OFFICES.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["state", "city", "street", "zip"])
        writer.writerows((*place, zip_code) for place, zip_code in sorted(found.items()))


def _facilities(folder: Path) -> Iterator[dict[str, str]]:
    for path in sorted(folder.glob("*.csv")):
        if path.stem == LEFT_OUT:
            continue
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from csv.DictReader(file)


def _is_near(row: dict[str, str], middle: Point) -> bool:
    try:
        point = float(row.get("lat") or row["LAT"]), float(row.get("lon") or row["LON"])
    except ValueError:
        return False
    return miles(middle, point) <= MOST_MILES


def _building(written: str) -> str:
    """Number and street, short and in capitalized words; empty for whatever does not read as both.

    Without the suite, which would say whose office it is.
    """
    words = SUITE.sub("", written.upper().replace(".", " ")).split()
    line = " ".join(SHORT.get(word, word) for word in words)
    return " ".join(map(_cased, line.split())) if STREET.fullmatch(line) else ""


def _cased(word: str) -> str:
    if word in UPPER:
        return word
    if word.startswith("MC"):
        return f"Mc{word[2:].capitalize()}"
    return "-".join(part.capitalize() for part in word.split("-"))


if __name__ == "__main__":
    main(Path(argv[1]))
