"""Census: reads households from a CSV file, a person a line, one household at a time.

Lines of one household stand together and share its ``household_id``; place and date may be left empty after the first.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import groupby
from typing import TextIO

from chassis.kernel import InvalidInput, Problem
from services.quote.domain.household import MAX_PEOPLE, Member, Relationship
from services.quote.domain.situation import Inquiry
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

Row = tuple[int, Mapping[str, str]]


def read_households(file: TextIO) -> Iterator[CensusEntry]:
    """In the order of the file; ``line`` is that of a household's first person. InvalidInput when columns are missing.

    A line that cannot be read makes its household an entry with problems; the others are not touched.
    """
    reader = csv.DictReader(file, restkey="", strict=True)
    if missing := [name for name in COLUMNS if name not in (reader.fieldnames or ())]:
        raise InvalidInput(f"The first line of the file has to name its columns; it lacks {', '.join(missing)}.")
    names = (*COLUMNS, DISABLED)
    rows = ((reader.line_num, {name: (row.get(name) or "").strip() for name in names}) for row in reader)
    for household_id, lines in groupby(rows, key=lambda row: row[1]["household_id"]):
        yield _entry(household_id, lines)


def _entry(household_id: str, lines: Iterator[Row]) -> CensusEntry:
    household = _Household()
    # the first person too many is kept, so that the household is refused for it
    first = 0
    for index, (line, row) in enumerate(lines):
        first = first or line
        if index <= MAX_PEOPLE:
            household.add(index, row)
    return CensusEntry(first, household_id, household.result())


class _Household:
    """What was read of one household, and what is wrong with it."""

    def __init__(self) -> None:
        self._place: dict[str, str] = {}
        self._members: list[Member] = []
        self._problems: list[Problem] = []

    def add(self, index: int, row: Mapping[str, str]) -> None:
        for name in PLACE:
            if row[name] and row[name] != self._place.setdefault(name, row[name]):
                self._problems.append(Problem(name, "Lines of one household name different places or dates."))
        path = f"members[{index}]."
        kind = _RELATIONSHIPS.get(row["relationship"].lower())
        tobacco = _YES_NO.get(row["tobacco_use"].lower())
        if kind is None:
            known = ", ".join(_RELATIONSHIPS)
            self._problems.append(Problem(f"{path}relationship", f"Give one of {known}."))
        if tobacco is None:
            self._problems.append(Problem(f"{path}tobacco_use", "Give yes or no."))
        disabled = _YES_NO.get(row[DISABLED].lower())
        if disabled is None:
            self._problems.append(Problem(f"{path}{DISABLED}", "Give yes or no."))
        born = self._date(row["date_of_birth"], f"{path}date_of_birth")
        member = Member(
            kind or Relationship.OTHER_DEPENDENT, born, tobacco_use=bool(tobacco), disabled_dependent=bool(disabled)
        )
        self._members.append(member)

    def result(self) -> Inquiry | InvalidInput:
        day = self._date(self._place.get("effective_date", ""), "effective_date")
        if self._problems:
            return InvalidInput("Some fields cannot be read.", problems=tuple(self._problems))
        state, zip_code, county = (self._place.get(name, "") for name in PLACE[:3])
        return Inquiry(state.upper(), zip_code, county, day, tuple(self._members))

    def _date(self, text: str, field: str) -> date:
        try:
            if len(text) == len("2026-06-01"):
                return date.fromisoformat(text)
        except ValueError:
            pass  # ten characters, and still no day of the calendar
        self._problems.append(Problem(field, "Give a date as year-month-day, such as 2026-06-01."))
        return _UNREAD
