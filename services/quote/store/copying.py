"""Store: many rows at once, by PostgreSQL's COPY."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from itertools import islice

from sqlalchemy.orm import Session

# Rows formatted at once: at most a few hundred KB, so that any number of them passes through little memory.
CHUNK_ROWS = 200


def copy_rows(session: Session, table: str, rows: Iterable[Sequence[object]]) -> None:
    """What the iterable raises is raised here."""
    source = _CsvRows(iter(rows))
    with closing(session.connection().connection.cursor()) as cursor:
        try:
            cursor.copy_expert(f"copy {table} from stdin with (format csv)", source)  # beyond the DBAPI
        except Exception:
            if source.failure:
                raise source.failure from None
            raise


class _CsvRows(io.TextIOBase):
    """Rows as a file of CSV. The driver would say a reader's failure in words of its own, so it is kept."""

    def __init__(self, rows: Iterator[Sequence[object]]) -> None:
        self._rows = rows
        self.failure: Exception | None = None

    def read(self, size: int | None = -1) -> str:
        """The next rows, whatever ``size``: the driver takes what it gets."""
        buffer = io.StringIO()
        try:
            csv.writer(buffer).writerows(islice(self._rows, CHUNK_ROWS))
        except Exception as failure:
            self.failure = failure
            raise
        return buffer.getvalue()


def array(values: Iterable[object]) -> str:
    """PostgreSQL's spelling of an array of numbers or codes; None is its null."""
    return "{" + ",".join("null" if value is None else str(value) for value in values) + "}"
