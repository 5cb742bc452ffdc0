"""Checks the geography that a market brings in a folder of its own, before any service loads it.

Quote, enrollment and pcp read the same files in their seeds; a wrong one stops every process at its start,
with file, line and column (docs/how-to/add-a-state.md).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from pathlib import Path

ZIPS, COUNTIES, ADDRESSES = "zips.csv", "counties.csv", "addresses.csv"
# Enough to see what is wrong; a file in which every row is wrong has one fault.
MOST_FAULTS = 5

Check = Callable[[str], bool]


def _is_degree(limit: int) -> Check:
    def check(cell: str) -> bool:
        try:
            return -limit <= float(cell) <= limit
        except ValueError:
            return False

    return check


def _matches(pattern: str) -> Check:
    return lambda cell: re.fullmatch(pattern, cell, re.ASCII) is not None


_FIVE_DIGITS, _STATE, _AREA, _TEXT = _matches(r"\d{5}"), _matches("[A-Z]{2}"), _matches(r"\d{1,3}"), _matches(r".*\S.*")
_ANYTHING = _matches(r"(?s).*")
COLUMNS: Mapping[str, Mapping[str, Check]] = {
    ZIPS: {
        "zip": _FIVE_DIGITS,
        "county_fips": _FIVE_DIGITS,
        "county_name": _TEXT,
        "state": _STATE,
        "latitude": _is_degree(90),
        "longitude": _is_degree(180),
    },
    COUNTIES: {
        "state": _STATE,
        "county_fips": _FIVE_DIGITS,
        "county_name": _TEXT,
        "rating_area_2014_2017": _AREA,
        "rating_area_2025": _AREA,
    },
    # A place has no street, and a ZIP code of several counties has no county.
    ADDRESSES: {
        "street": _ANYTHING,
        "city": _TEXT,
        "state": _STATE,
        "zip": _FIVE_DIGITS,
        "county_fips": _matches(r"(\d{5})?"),
        "county_name": _ANYTHING,
    },
}


def find_geography_faults(folder: Path, state: str) -> list[str]:
    """What is wrong with a folder for a state, as parts of sentences; empty when nothing is."""
    if not folder.is_dir():
        return [f"there is no folder {folder}"]
    faults = [fault for name in (ZIPS, COUNTIES) for fault in _find_faults(folder / name, state)]
    if (folder / ADDRESSES).exists():
        faults += _find_faults(folder / ADDRESSES, None)
    return faults


def _find_faults(path: Path, state: str | None) -> list[str]:
    """``state``: the file has to have a row of it."""
    try:
        # A spreadsheet may put a byte order mark in front.
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, restval="")
            if missing := [column for column in COLUMNS[path.name] if column not in (reader.fieldnames or ())]:
                return [f"{path} has no column {', '.join(missing)}"]
            rows = list(reader)
    except FileNotFoundError:
        return [f"the folder {path.parent} has no {path.name}"]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        return [f"{path} cannot be read as CSV in UTF-8: {error}"]
    faults = list(islice(_cell_faults(path, rows), MOST_FAULTS))
    if not faults and state and all(row["state"] != state for row in rows):
        return [f"{path} has no row of {state}"]
    return faults


def _cell_faults(path: Path, rows: list[dict[str, str]]) -> Iterator[str]:
    for line, row in enumerate(rows, start=2):
        for column, is_good in COLUMNS[path.name].items():
            if not is_good(row[column]):
                yield f'{path}, line {line}, {column}: "{row[column]}" is not what the column holds'
