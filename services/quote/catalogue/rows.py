"""Catalogue: CSV rows whose every complaint names file, line, column and reason."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TypeVar

from chassis.kernel import Money
from services.quote.domain.rating import LAST_RATED_AGE

T = TypeVar("T")

# Enough to see the pattern of a broken file; the rest would bury it.
MAX_PROBLEMS = 20

_AGE = re.compile(r"(\d{1,3})(?:-(\d{1,3})|( and over))?")
_AREA = re.compile(r"Rating Area (\d{1,2})")


@dataclass(frozen=True, slots=True)
class BadRow:
    file: str
    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}, column {self.column}: {self.reason}"


class BadCell(Exception):
    """Raised by a row's readers, caught by ``read``."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column = column
        self.reason = reason


class FileRefused(Exception):
    """Nothing of the file is taken; ``problems`` are the first complaints, at most ``MAX_PROBLEMS``."""

    def __init__(self, problems: list[BadRow]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


class Row:
    """The cells of one line, by column name."""

    __slots__ = ("_cells",)

    def __init__(self, cells: Mapping[str, str]) -> None:
        self._cells = cells

    def text(self, column: str) -> str:
        """Empty when the cell is empty or the file has no such column."""
        return (self._cells.get(column) or "").strip()

    def required(self, column: str) -> str:
        value = self.text(column)
        if not value:
            raise BadCell(column, "is empty")
        return value

    def matching(self, column: str, pattern: str) -> str:
        value = self.required(column)
        if not re.fullmatch(pattern, value):
            raise BadCell(column, f"is not of the form {pattern}")
        return value

    def choice(self, column: str, choices: Mapping[str, T]) -> T:
        value = self.required(column)
        if value not in choices:
            raise BadCell(column, f"is none of: {', '.join(choices)}")
        return choices[value]

    def number(self, column: str) -> int:
        return int(self.matching(column, r"\d{1,9}"))

    def rate_cents(self, column: str) -> int:
        """A monthly premium: above 0, with at most two decimals."""
        cents = self._cents(column, self.required(column))
        if cents <= 0:
            raise BadCell(column, "a rate has to be above 0")
        return cents

    def optional_rate_cents(self, column: str) -> int | None:
        return self.rate_cents(column) if self.text(column) else None

    def dollars(self, column: str) -> Money | None:
        """An amount like ``$3,250``; None for words such as ``Included in Medical``."""
        value = self.text(column)
        return Money(self._cents(column, value)) if value.startswith("$") else None

    def rating_area(self, column: str) -> int:
        found = _AREA.fullmatch(self.required(column))
        if not found:
            raise BadCell(column, 'is not of the form "Rating Area 1"')
        return int(found[1])

    def ages(self, column: str) -> tuple[int, int]:
        """First and last age of ``0-14``, ``21`` or ``64 and over``."""
        return age_band(column, self.required(column))

    @staticmethod
    def _cents(column: str, value: str) -> int:
        try:
            cents = Decimal(value.replace("$", "").replace(",", "")) * 100
        except InvalidOperation:
            raise BadCell(column, "is no amount in dollars") from None
        if not cents.is_finite() or cents != int(cents):
            raise BadCell(column, "is no amount in dollars and whole cents")
        return int(cents)


def age_band(column: str, label: str) -> tuple[int, int]:
    found = _AGE.fullmatch(label)
    if not found:
        raise BadCell(column, 'is not of the form "0-14", "21" or "64 and over"')
    first = int(found[1])
    last = LAST_RATED_AGE if found[3] else int(found[2] or first)
    if first > last or last > LAST_RATED_AGE:
        raise BadCell(column, f"is no range of ages from 0 to {LAST_RATED_AGE}")
    return first, last


def read(
    path: Path,
    columns: Collection[str],
    parse: Callable[[Row], T],
    wanted: Callable[[Row], bool] = lambda row: True,
) -> list[T]:
    """Every wanted row of a CSV file, parsed. Raises ``FileRefused`` when a column or any row is bad."""
    parsed: list[T] = []
    problems: list[BadRow] = []
    # CMS publishes in UTF-8, older files with a byte order mark.
    with path.open(newline="", encoding="utf-8-sig") as file:
        reader = csv.DictReader(file)
        missing = [column for column in columns if column not in (reader.fieldnames or ())]
        if missing:
            raise FileRefused([BadRow(path.name, 1, column, "the column is missing") for column in missing])
        for cells in reader:
            row = Row(cells)
            try:
                if wanted(row):
                    parsed.append(parse(row))
            except BadCell as bad:
                problems.append(BadRow(path.name, reader.line_num, bad.column, bad.reason))
                if len(problems) == MAX_PROBLEMS:
                    break
    if problems:
        raise FileRefused(problems)
    return parsed


def once(column: str) -> Callable[[object], None]:
    """A guard that refuses a key which was seen before in the same file."""
    seen: set[object] = set()

    def guard(key: object) -> None:
        if key in seen:
            raise BadCell(column, "repeats an earlier row")
        seen.add(key)

    return guard
