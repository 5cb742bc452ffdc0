"""Census: reads households from a CSV file, a person a line, one household at a time.

Lines of one household share its ``household_id``, wherever they stand; place and date may be left empty after the
first. The file is read twice: once to learn which line is a household's last, once to give each household out there. So
a household is held only between its first line and its last, and a file in any order is priced within a known memory.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from datetime import date
from typing import TextIO

import numpy as np
import numpy.typing as npt

from chassis.kernel import InvalidInput, Problem, day_advice, read_day
from services.quote.domain.household import MAX_PEOPLE, Member, Relationship
from services.quote.domain.rating_context import RatingRequest
from services.quote.usecases.price_census import CensusEntry

PLACE = ("state", "zip", "county_fips", "effective_date")
PERSON = ("relationship", "date_of_birth", "tobacco_use")
COLUMNS = ("household_id", *PLACE, *PERSON)
# May be left out of the file.
DISABLED = "disabled_dependent"

_RELATIONSHIPS = {kind.value: kind for kind in Relationship}
_YES_NO = {"yes": True, "no": False, "": False}
# No date can be given for what could not be read; an entry with a problem is never priced.
_UNREAD = date.min

# Households whose lines stand apart and that wait for their last one: 1 kB each with three people, 3 kB with twenty, so
# 100 to 300 MB at most (docs/reference/performance.md).
MAX_WAITING = 100_000

Row = tuple[int, Mapping[str, str]]


def read_households(file: TextIO) -> Iterator[CensusEntry]:
    """In the order of their last lines; ``line`` is that of a household's first person.

    Empty rows are skipped. A line that cannot be read makes its household an entry with problems; the others are
    not touched. InvalidInput when columns are missing, when the file cannot be read twice, or when more than
    MAX_WAITING households wait for their last line.
    """
    if not file.seekable():
        raise InvalidInput("The census is read twice, so it has to be a file on disk and not a pipe.")
    last = _last_lines(file)
    file.seek(0)
    waiting: dict[str | int, _Household] = {}
    for number, (line, row) in enumerate(_rows(file)):
        if number >= len(last):
            raise InvalidInput("The file grew while it was read. Start again when it is complete.")
        key = _key(line, row)
        household = waiting.pop(key, None) or _Household(line, row["household_id"])
        household.add(row)
        if last[number]:
            yield household.entry()
            continue
        waiting[key] = household
        if len(waiting) > MAX_WAITING:
            raise InvalidInput(
                f"At line {line:,} more than {MAX_WAITING:,} households wait for lines further down. "
                "Sort the file by household_id and start again."
            )
    for household in waiting.values():  # none, but for two ids of one hash
        yield household.entry()


def _last_lines(file: TextIO) -> npt.NDArray[np.bool_]:
    """Which rows are the last of their households. Eight bytes a row, and five times that for a moment.

    Ids are told apart by their hash: of two with the same one, the first waits to the end of the file, and no more.
    """
    hashes = np.fromiter((hash(_key(*row)) for row in _rows(file)), np.int64)
    _, from_behind = np.unique(hashes[::-1], return_index=True)
    last = np.zeros(len(hashes), np.bool_)
    last[len(hashes) - 1 - from_behind] = True
    return last


def _rows(file: TextIO) -> Iterator[Row]:
    reader = csv.DictReader(file, restkey="", strict=True)
    if missing := [name for name in COLUMNS if name not in (reader.fieldnames or ())]:
        raise InvalidInput(f"The first line of the file has to name its columns; it lacks {', '.join(missing)}.")
    names = (*COLUMNS, DISABLED)
    for fields in reader:
        row = {name: (fields.get(name) or "").strip() for name in names}
        if any(row.values()):
            yield reader.line_num, row


def _key(line: int, row: Mapping[str, str]) -> str | int:
    """A line without an id belongs to no other line."""
    return row["household_id"] or line


class _Household:
    """What was read of one household, and what is wrong with it."""

    def __init__(self, line: int, household_id: str) -> None:
        self._line = line
        self._household_id = household_id
        self._place: dict[str, str] = {}
        self._members: list[Member] = []
        self._problems: list[Problem] = []
        if not household_id:
            self._problems.append(Problem("household_id", "Enter the household_id of each line's household."))

    def add(self, row: Mapping[str, str]) -> None:
        index = len(self._members)
        if index > MAX_PEOPLE:
            return  # the first person too many is kept, so that the household is refused for it
        for name in PLACE:
            if row[name] and row[name] != self._place.setdefault(name, row[name]):
                self._problems.append(Problem(name, "Lines of one household name different places or dates."))
        path = f"members[{index}]."
        kind = _RELATIONSHIPS.get(row["relationship"].lower())
        tobacco = _YES_NO.get(row["tobacco_use"].lower())
        if kind is None:
            known = ", ".join(_RELATIONSHIPS)
            self._problems.append(Problem(f"{path}relationship", f"Enter one of {known}."))
        if tobacco is None:
            self._problems.append(Problem(f"{path}tobacco_use", "Enter yes or no."))
        disabled = _YES_NO.get(row[DISABLED].lower())
        if disabled is None:
            self._problems.append(Problem(f"{path}{DISABLED}", "Enter yes or no."))
        born = self._date(row["date_of_birth"], f"{path}date_of_birth")
        member = Member(
            kind or Relationship.OTHER_DEPENDENT, born, tobacco_use=bool(tobacco), disabled_dependent=bool(disabled)
        )
        self._members.append(member)

    def entry(self) -> CensusEntry:
        day = self._date(self._place.get("effective_date", ""), "effective_date")
        state, zip_code, county = (self._place.get(name, "") for name in PLACE[:3])
        request = RatingRequest(
            state.upper(), zip_code, county, day, tuple(self._members), unreadable=tuple(self._problems)
        )
        return CensusEntry(self._line, self._household_id, request)

    def _date(self, text: str, field: str) -> date:
        day = read_day(text)
        if day is None:
            self._problems.append(Problem(field, day_advice(text)))
        return day or _UNREAD
