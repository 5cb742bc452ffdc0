"""Store: rates on their way in. They are copied into a table of this transaction alone, checked there all together, and
only then take the place of the old ones: readers see the one catalogue or the other, and a bad file changes nothing.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from services.quote.domain.filing import BadRow, FiledFamilyRate, FiledRate, Filing, FilingRefused
from services.quote.domain.filing_gaps import refuse_unrated

# Rows formatted at once: about 60 KB, so that millions of them pass through little memory.
CHUNK_ROWS = 1_000
# Enough to see the pattern of a broken file.
MAX_PROBLEMS = 20

_CREATE = """
create temporary table staged_rate (
  line integer, state text, rating_area smallint, component_id text, age_from smallint, age_to smallint,
  cents integer, tobacco_cents integer, source text
) on commit drop
"""
_OVERLAPS = """
select line from (
  select line, age_from, max(age_to) over (
    partition by component_id, rating_area order by age_from, line rows between unbounded preceding and 1 preceding
  ) as taken_to from staged_rate
) as bands where age_from <= taken_to order by line limit :most
"""
_PLACES = "select distinct component_id, rating_area from staged_rate where component_id = any(:components)"
_MOVE = """
insert into plan_rate
  (data_set_id, state, rating_area, component_id, age_from, age_to, cents, tobacco_cents, source)
select :data_set, state, rating_area, component_id, age_from, age_to, cents, tobacco_cents, source from staged_rate
"""


@dataclass(frozen=True, slots=True)
class StagedRates:
    """Rates by age wait in the table; those of families, one for each plan and rating area, are few."""

    ages: int
    families: Sequence[FiledFamilyRate]


def stage_rates(session: Session, filing: Filing) -> StagedRates:
    """Raises ``FilingRefused`` at a bad row, and where two rates hold for one age or one family."""
    session.execute(text("drop table if exists staged_rate"))
    session.execute(text(_CREATE))
    families: list[FiledFamilyRate] = []
    rated: set[str] = set()
    count = copy_rows(session, "staged_rate", map(_values, _ages(filing.rates, families, rated)))
    refuse_unrated(filing, rated)
    _refuse("repeats an earlier row", filing, session.scalars(text(_OVERLAPS), {"most": MAX_PROBLEMS}).all())
    _refuse("repeats an earlier row", filing, _repeated(families))
    _refuse("the plan has rates by age too in this rating area", filing, _also_by_age(session, families))
    return StagedRates(count, families)


def _ages(
    rates: Iterable[FiledRate | FiledFamilyRate], families: list[FiledFamilyRate], rated: set[str]
) -> Iterator[FiledRate]:
    """The rates by age; those of families go into ``families``, the component ids of both into ``rated``."""
    for row in rates:
        rated.add(row.component_id)
        if isinstance(row, FiledRate):
            yield row
        else:
            families.append(row)


def _refuse(reason: str, filing: Filing, lines: Sequence[int]) -> None:
    if lines:
        raise FilingRefused([BadRow(filing.rate_file, line, "Age", reason) for line in lines[:MAX_PROBLEMS]])


def _repeated(families: Sequence[FiledFamilyRate]) -> list[int]:
    """The lines of all but the first for a plan and rating area."""
    first = {row[:3]: row.line for row in reversed(families)}
    return [row.line for row in families if first[row[:3]] != row.line]


def _also_by_age(session: Session, families: Sequence[FiledFamilyRate]) -> list[int]:
    by_age = session.execute(text(_PLACES), {"components": list({row.component_id for row in families})})
    places = {tuple(place) for place in by_age}
    return [row.line for row in families if (row.component_id, row.rating_area) in places]


def _values(row: FiledRate) -> tuple[object, ...]:
    rate = row.rate
    key = (row.line, row.state, row.rating_area, row.component_id, row.age_from, row.age_to)
    return (*key, rate.cents, rate.tobacco_cents, rate.source.value)


def move_rates(session: Session, data_set: int) -> None:
    session.execute(text(_MOVE), {"data_set": data_set})


def copy_rows(session: Session, table: str, rows: Iterable[Sequence[object]]) -> int:
    """PostgreSQL's COPY from an iterable; what the iterable raises is raised here."""
    source = _CsvRows(iter(rows))
    with closing(session.connection().connection.cursor()) as cursor:
        try:
            cursor.copy_expert(f"copy {table} from stdin with (format csv)", source)  # beyond the DBAPI
        except Exception:
            if source.failure:
                raise source.failure from None
            raise
    return source.count


class _CsvRows(io.TextIOBase):
    """Rows as a file of CSV. The driver would say a reader's failure in words of its own, so it is kept."""

    def __init__(self, rows: Iterator[Sequence[object]]) -> None:
        self._rows = rows
        self.count = 0
        self.failure: Exception | None = None

    def read(self, size: int | None = -1) -> str:
        """The next rows, whatever ``size``: the driver takes what it gets."""
        buffer = io.StringIO()
        try:
            self.count += _write(buffer, self._rows)
        except Exception as failure:
            self.failure = failure
            raise
        return buffer.getvalue()


def _write(buffer: io.StringIO, rows: Iterator[Sequence[object]]) -> int:
    writer = csv.writer(buffer)
    count = 0
    for row in rows:
        writer.writerow(row)
        count += 1
        if count == CHUNK_ROWS:
            break
    return count
