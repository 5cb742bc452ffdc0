"""Writes the sample of greatest distances: for each county by how far apart its ZIP codes are.

Run it from the top of the repository (``python services/pcp/data/distances/generate.py``); ``counties.csv`` beside it
is committed. SOURCE.md says what it is for.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from math import cos, hypot, radians
from pathlib import Path
from statistics import median

HERE = Path(__file__).parent
ZIPS = HERE.parent / "zips" / "zips.csv"
COUNTIES = HERE.parents[2] / "quote/data/rating-areas/county_rating_areas_5states.csv"
MILES_IN_DEGREE = 69.0
# Up to so many miles from a ZIP to its next one, in the middle of the county's, and how far a member is sent then.
BOUNDS = ((4.0, 30), (8.0, 60), (float("inf"), 100))


def main() -> None:
    with ZIPS.open(encoding="utf-8", newline="") as file:
        zips = list(csv.DictReader(file))
    points = [(float(row["latitude"]), float(row["longitude"])) for row in zips]
    gaps: dict[str, list[float]] = defaultdict(list)
    for row, point in zip(zips, points, strict=True):
        gaps[row["county_fips"]].append(min(_miles(point, other) for other in points if other != point))
    with COUNTIES.open(encoding="utf-8", newline="") as file:
        rows = [
            [county["state"], county["county_fips"], county["county_name"], _greatest(gaps[county["county_fips"]])]
            for county in csv.DictReader(file)
        ]
    with (HERE / "counties.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["state", "county_fips", "county_name", "miles"])
        writer.writerows(rows)


def _miles(one: tuple[float, float], other: tuple[float, float]) -> float:
    """On a flat map, which over a few miles is as good."""
    return MILES_IN_DEGREE * hypot(one[0] - other[0], (one[1] - other[1]) * cos(radians(one[0])))


def _greatest(gaps: list[float]) -> int:
    gap = median(gaps) if gaps else BOUNDS[-1][0]
    return next(miles for bound, miles in BOUNDS if gap <= bound)


if __name__ == "__main__":
    main()
