"""Store: loads the place files with COPY, once for each change of theirs (about 20,000 rows in a second)."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import delete, select, text
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from chassis.db import Database
from chassis.kernel import get_markets
from services.enrollment.domain.address_tokenizer import index_tokens, split_house
from services.enrollment.store.tables import AddressRow, DataSetRow, ZipCountyRow

DATA = Path(__file__).parent.parent / "data"
ZIPS = DATA / "zip-counties" / "zips.csv"
ADDRESSES = (DATA / "addresses" / "streets.csv", DATA / "addresses" / "places.csv")
NAME = "places"
# Another one when the words of an address are made in another way: the same files are then loaded again.
LAYOUT = b"words-1"
ZIP_COLUMNS = ("zip", "county_fips", "county_name", "state")
ADDRESS_COLUMNS = ("street", "city", "state", "zip", "county_fips", "county_name")


def load_places(database: Database) -> bool:
    """Gives whether anything was loaded; harmless to run again, or twice at once."""
    files = b"".join(path.read_bytes() for path in (*_zip_files(), *_address_files()))
    digest = hashlib.sha256(LAYOUT + files).hexdigest()
    with database.transaction() as session:
        session.execute(text("select pg_advisory_xact_lock(hashtext('enrollment.places'))"))
        if session.scalar(select(DataSetRow.digest).where(DataSetRow.name == NAME)) == digest:
            return False
        _replace(session)
        row = upsert(DataSetRow).values(name=NAME, digest=digest)
        session.execute(row.on_conflict_do_update(index_elements=["name"], set_={"digest": digest}))
    return True


def _replace(session: Session) -> None:
    session.execute(delete(ZipCountyRow))
    session.execute(delete(AddressRow))
    zips = dict.fromkeys(_values(row, ZIP_COLUMNS) for path in _zip_files() for row in _rows(path))
    _copy(session, "zip_county", ZIP_COLUMNS, zips)
    found = ((*_values(row, ADDRESS_COLUMNS), *_searched(row)) for path in _address_files() for row in _rows(path))
    _copy(session, "address", (*ADDRESS_COLUMNS, "house", "words"), found)


def _zip_files() -> list[Path]:
    """What the service ships, and what the folders of the markets add (docs/how-to/add-a-state.md)."""
    return [ZIPS, *(folder / "zips.csv" for folder in get_markets().data_folders)]


def _address_files() -> list[Path]:
    return [*ADDRESSES, *(path for folder in get_markets().data_folders if (path := folder / "addresses.csv").exists())]


def _values(row: dict[str, str], columns: Sequence[str]) -> tuple[str, ...]:
    return tuple(row[column] for column in columns)


def _searched(row: dict[str, str]) -> tuple[str, str]:
    """House number and words, as they are written in the row."""
    known = index_tokens(row["street"], row["city"], row["state"], row["zip"])
    return split_house(row["street"])[0].lower(), " ".join(sorted(known))


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def _copy(session: Session, table: str, columns: Sequence[str], rows: Iterable[Iterable[str]]) -> None:
    """An empty text stays an empty text: nothing here is NULL."""
    buffer = io.StringIO()
    csv.writer(buffer, quoting=csv.QUOTE_ALL).writerows(rows)
    buffer.seek(0)
    driver: Any = session.connection().connection
    with driver.cursor() as cursor:
        cursor.copy_expert(f"copy {table} ({', '.join(columns)}) from stdin with (format csv)", buffer)
