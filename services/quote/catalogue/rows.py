"""Catalogue: CSV rows whose every complaint names file, line, column and reason."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from io import TextIOWrapper
from pathlib import Path
from typing import TypeVar

from chassis.kernel import Money
from services.quote.domain.filing import BadRow, FilingRefused
from services.quote.domain.rates import LAST_RATED_AGE

T = TypeVar("T")

# Enough to see the pattern of a broken file; the rest would bury it.
MAX_PROBLEMS = 20

# ISO, or as spreadsheets write it; a time after it says nothing about the day.
_DAY = re.compile(
    r"(?:(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})/(\d{1,2})/(\d{4}))(?:[ T]\d{1,2}:\d{2}[\d:.]*( ?[AP]M)?Z?)?"
)
_AGE = re.compile(r"(\d{1,3})(?:-(\d{1,3})|( and over))?")
# A web address as carriers file it, with or without its scheme.
_LINK = re.compile(r"https?://[^\s<>\"]+")
_BARE_LINK = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+(/[^\s<>\"]*)?", re.IGNORECASE)
# What the decoder puts in the place of bytes that are no UTF-8.
UNREADABLE = "\N{REPLACEMENT CHARACTER}"
# Often enough for a bar that moves, too seldom to cost anything.
WATCHED_LINES = 5_000
Watch = Callable[[str, int, int], None]
"""Told about a file's name, the bytes read and all its bytes."""


def ignore_progress(file: str, done: int, size: int) -> None:
    """Nobody looks."""


# Issuers who have no rate enter 0 or nothing but nines: 9999, 9999.99, 999999 (here in cents). No premium of one person
# comes near it in a month.
FIRST_PLACEHOLDER_CENTS = 999_900
_PLACEHOLDER = re.compile(r"9{4,}(00|90)?")
_AREA = re.compile(r"Rating Area (\d{1,2})")


class BadCell(Exception):
    """Raised by a row's readers, caught by ``read``."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column = column
        self.reason = reason


class Columns(dict[str, int]):
    """Column name -> place in the line; the first of two columns with one name counts. ``width``: cells of a line."""

    width: int

    @classmethod
    def from_header(cls, header: Sequence[str], spell: Callable[[str], str]) -> Columns:
        found = cls()
        found.width = len(header)
        for place, name in enumerate(header):
            found.setdefault(spell(name), place)
        return found


class Row:
    """The cells of one line, by column name."""

    __slots__ = ("_cells", "_columns", "line")

    def __init__(self, columns: Columns, cells: list[str], line: int) -> None:
        self._columns = columns
        self._cells = cells
        self.line = line

    def text(self, column: str) -> str:
        """Empty when the cell is empty or the file has no such column."""
        place = self._columns.get(column)
        value = "" if place is None else self._cells[place].strip()
        if UNREADABLE in value:
            raise BadCell(column, "is not in UTF-8")
        return value

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

    def filed_cents(self, column: str) -> int | None:
        """A monthly premium with at most two decimals; None for what is in CMS's files in place of one."""
        cents = self._cents(column, self.required(column))
        if 0 < cents < FIRST_PLACEHOLDER_CENTS:
            return cents
        if cents == 0 or _PLACEHOLDER.fullmatch(str(cents)):
            return None
        raise BadCell(column, "is not a monthly premium: enter an amount above 0 and below 9,999")

    def dollars(self, *columns: str) -> Money | None:
        """The first amount like ``$3,250`` or ``$9,750 per group``; None for words such as ``Included in Medical``."""
        for column in columns:
            value = self.text(column)
            if value.startswith("$"):
                return Money(self._cents(column, value.removesuffix(" per group").removesuffix(" per person")))
        return None

    def link(self, column: str) -> str:
        """A web address; empty for anything else, since a filing is not worth less for a broken link."""
        value = self.text(column)
        if _LINK.fullmatch(value):
            return value
        return f"http://{value}" if _BARE_LINK.fullmatch(value) else ""

    def rating_area(self, column: str) -> int:
        return area_number(column, self.required(column))

    def ages(self, column: str) -> tuple[int, int]:
        """First and last age of ``0-14``, ``21`` or ``64 and over``."""
        return age_band(column, self.required(column))

    @staticmethod
    def _cents(column: str, value: str) -> int:
        try:
            cents = Decimal(value.replace("$", "").replace(",", "")) * 100
        except InvalidOperation:
            raise BadCell(column, "is not an amount in dollars") from None
        if not cents.is_finite() or cents != int(cents):
            raise BadCell(column, "is not an amount in dollars and whole cents")
        return int(cents)


@lru_cache(maxsize=256)
def area_number(column: str, label: str) -> int:
    found = _AREA.fullmatch(label)
    if not found:
        raise BadCell(column, 'is not of the form "Rating Area 1"')
    return int(found[1])


@lru_cache(maxsize=256)
def calendar_day(column: str, text: str) -> tuple[int, int, int]:
    """Year, month and day of ``2026-01-31``, ``1/31/2026`` or either with a time."""
    found = _DAY.fullmatch(text)
    if not found:
        raise BadCell(column, 'is not a date like "2026-01-31" or "1/31/2026"')
    year, month, day, us_month, us_day, us_year, _ = found.groups()
    return (int(year), int(month), int(day)) if year else (int(us_year), int(us_month), int(us_day))


@lru_cache(maxsize=256)
def age_band(column: str, label: str) -> tuple[int, int]:
    found = _AGE.fullmatch(label)
    if not found:
        raise BadCell(column, 'is not of the form "0-14", "21" or "64 and over"')
    first = int(found[1])
    last = LAST_RATED_AGE if found[3] else int(found[2] or first)
    if first > last or last > LAST_RATED_AGE:
        raise BadCell(column, f"is not a range of ages from 0 to {LAST_RATED_AGE}")
    return first, last


def stream_rows(
    path: Path,
    columns: Collection[str],
    parse: Callable[[Row], T],
    wanted: Callable[[Row], bool] = lambda row: True,
    *,
    watch: Watch = ignore_progress,
    spell: Callable[[str], str] = str.strip,
) -> Iterator[T]:
    """Every wanted row of a CSV file, parsed, a row at a time; ``spell`` makes a header cell a column name.

    Raises ``FilingRefused`` when a column or any row is bad, at the latest after the last row: take nothing before.
    """
    # CMS publishes in UTF-8, older files with a byte order mark.
    with path.open("rb") as raw, TextIOWrapper(raw, "utf-8-sig", errors="replace", newline="") as file:
        reader = csv.reader(file)
        size = path.stat().st_size
        known = Columns.from_header(next(reader, []), spell)
        _refuse_missing(path, columns, known)
        problems: list[BadRow] = []
        try:
            for cells in reader:
                if reader.line_num % WATCHED_LINES == 0:
                    watch(path.name, raw.tell(), size)
                try:
                    row = _row(known, cells, reader.line_num)
                    if row and wanted(row):
                        parsed = parse(row)
                        if not problems:
                            yield parsed
                except BadCell as bad:
                    problems.append(BadRow(path.name, reader.line_num, bad.column, bad.reason))
                    if len(problems) == MAX_PROBLEMS:
                        break
        except csv.Error:
            problems.append(BadRow(path.name, reader.line_num, "-", "is not a line of CSV"))
        watch(path.name, size, size)
    if problems:
        raise FilingRefused(problems)


def _row(known: Columns, cells: list[str], line: int) -> Row | None:
    if len(cells) != known.width:
        if not cells:
            return None
        raise BadCell("-", f"has {len(cells)} cells, the header {known.width}")
    return Row(known, cells, line)


def _refuse_missing(path: Path, columns: Collection[str], known: Columns) -> None:
    missing = [column for column in columns if column not in known]
    if missing:
        raise FilingRefused([BadRow(path.name, 1, column, "the column is missing") for column in missing])


def read_rows(
    path: Path,
    columns: Collection[str],
    parse: Callable[[Row], T],
    wanted: Callable[[Row], bool] = lambda row: True,
    *,
    watch: Watch = ignore_progress,
    spell: Callable[[str], str] = str.strip,
) -> list[T]:
    """The same, all at once, for files of a few thousand wanted rows."""
    return list(stream_rows(path, columns, parse, wanted, watch=watch, spell=spell))


def refuse_repeated(column: str) -> Callable[[object], None]:
    """A guard that refuses a key which was seen before in the same file."""
    seen: set[object] = set()

    def guard(key: object) -> None:
        if key in seen:
            raise BadCell(column, "repeats an earlier row")
        seen.add(key)

    return guard


def read_header(path: Path, spell: Callable[[str], str] = str.strip) -> Columns:
    """The columns of a CSV file."""
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        return Columns.from_header(next(csv.reader(file), []), spell)


def refuse_contradicting(column: str, kind: str = "plan") -> Callable[[object, object], bool]:
    """Whether a key is new; refuses one that was seen before with another value. ``kind``: of what the row is."""
    seen: dict[object, object] = {}

    def guard(key: object, value: object) -> bool:
        if key not in seen:
            seen[key] = value
            return True
        if seen[key] != value:
            raise BadCell(column, f"differs from an earlier row of the same {kind}")
        return False

    return guard
