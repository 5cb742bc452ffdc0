"""Runs the SQL files of invariants on the databases of a suite; each row that they give breaks one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, create_engine, make_url, text

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
GATEWAY = "gateway"
# What all services have, then what each one has.
SHARED = "chassis/db/invariants.sql"
_COMMENT = re.compile(r"^--.*\n", re.MULTILINE)
_NAME = re.compile(r"\Aselect '((?:[^']|'')+)'")


@dataclass(frozen=True, slots=True)
class Invariant:
    """``query`` gives the name and a key for every row that breaks it."""

    name: str
    query: str


@dataclass(frozen=True, slots=True, order=True)
class BrokenInvariant:
    database: str
    name: str
    key: str


def list_invariants(database: str) -> list[Invariant]:
    """Those of a service or of the gateway, by the files beside its tables."""
    if database == GATEWAY:
        return read_invariants(ROOT / "gateway/store/invariants.sql")
    return [*read_invariants(ROOT / SHARED), *read_invariants(ROOT / f"services/{database}/store/invariants.sql")]


def read_invariants(path: Path) -> list[Invariant]:
    found = []
    for query in _COMMENT.sub("", path.read_text()).split(";\n"):
        if query := query.strip():
            name = _NAME.match(query)
            assert name, f"{path}: a query begins with the name of its invariant"
            found.append(Invariant(name[1].replace("''", "'"), query))
    return found


def find_broken(urls: Mapping[str, str]) -> list[BrokenInvariant]:
    """Over all databases of a suite, by their names: empty while all is well."""
    found = []
    for database, url in urls.items():
        with connect(url) as connection:
            found += find_broken_in(connection, database)
    return sorted(found)


def find_broken_in(connection: Connection, database: str) -> list[BrokenInvariant]:
    rows = [row for one in list_invariants(database) for row in connection.execute(text(one.query.replace(":", r"\:")))]
    return [BrokenInvariant(database, name, str(key)) for name, key in rows]


@contextmanager
def connect(url: str) -> Iterator[Connection]:
    """A transaction that changes nothing: what is written in it is rolled back."""
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg2"))
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()
