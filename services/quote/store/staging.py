"""Store: rates on their way in. They are copied into a table of this transaction alone, checked there all together, and
only then take the place of the old ones: readers see the one catalogue or the other, and a bad file changes nothing.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing

from sqlalchemy import text
from sqlalchemy.orm import Session

from services.quote.domain.filing import BadRow, FileRefused, Filing, RateRow

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
_MOVE = """
insert into plan_rate
  (data_set_id, state, rating_area, component_id, age_from, age_to, cents, tobacco_cents, source)
select :data_set, state, rating_area, component_id, age_from, age_to, cents, tobacco_cents, source from staged_rate
"""


def stage_rates(session: Session, filing: Filing) -> int:
    """How many there are. Raises ``FileRefused`` at a bad row, and where two rates hold for one age."""
    session.execute(text("drop table if exists staged_rate"))
    session.execute(text(_CREATE))
    count = copy_rows(session, "staged_rate", map(_values, filing.rates))
    lines = session.scalars(text(_OVERLAPS), {"most": MAX_PROBLEMS}).all()
    if lines:
        raise FileRefused([BadRow(filing.rate_file, line, "Age", "repeats an earlier row") for line in lines])
    return count


def _values(row: RateRow) -> tuple[object, ...]:
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
