"""What goes to PostgreSQL in one message, and that a transaction stays one however it goes."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import (
    Column,
    Integer,
    MetaData,
    Table,
    Text,
    bindparam,
    create_engine,
    func,
    insert,
    make_url,
    select,
    text,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from chassis.db import Database
from chassis.db.batching import deferred

METADATA = MetaData()
NOTE = Table("note", METADATA, Column("id", Integer, primary_key=True), Column("said", Text, nullable=False))
ADD = deferred(insert(NOTE).inline())
# None of them begins a transaction by SQLAlchemy's own statements.
WAYS_IN = ("statement", "rows", "updates", "copy")


class Watched:
    """A database with one connection, and what PostgreSQL says was the last message of it."""

    def __init__(self, url: str) -> None:
        self.database = Database(url)
        METADATA.create_all(self.database.engine)
        self._outside = create_engine(make_url(url).set(drivername="postgresql+psycopg2"))
        with self.database.transaction() as session:
            self._pid = session.scalar(text("select pg_backend_pid()"))

    def last_message(self) -> str:
        with self._outside.connect() as connection:
            asked = text("select query from pg_stat_activity where pid = :pid")
            return str(connection.scalar(asked, {"pid": self._pid}))

    def said(self) -> list[str]:
        with self._outside.connect() as connection:
            return list(connection.scalars(select(NOTE.c.said).order_by(NOTE.c.id)))

    def close(self) -> None:
        self._outside.dispose()
        self.database.close()


@pytest.fixture
def watched(database: str) -> Iterator[Watched]:
    opened = Watched(database)
    yield opened
    opened.close()


def test_a_transaction_begins_with_its_first_statement(watched: Watched) -> None:
    with watched.database.transaction() as session:
        session.execute(text("select 41"))
        assert watched.last_message() == "begin; select 41"
        session.execute(text("select 42"))
        assert watched.last_message() == "select 42"
    assert watched.last_message() == "commit"


def test_a_transaction_of_another_isolation_begins_with_it_and_the_next_as_ever(watched: Watched) -> None:
    for _ in range(3):  # on one connection
        with watched.database.transaction() as session:
            apart = session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            apart.execute(text("select 43"))
            assert watched.last_message() == "begin isolation level repeatable read; select 43"
            assert apart.scalar(text("show transaction_isolation")) == "repeatable read"
        assert watched.last_message() == "commit"
        with watched.database.transaction() as session:
            assert session.scalar(text("show transaction_isolation")) == "read committed"
            assert watched.last_message() == "begin; show transaction_isolation"


def test_what_cannot_run_in_a_transaction_runs_without_one_and_the_next_has_one_as_ever(watched: Watched) -> None:
    for _ in range(2):  # on one connection
        with watched.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("vacuum note"))
            assert watched.last_message() == "vacuum note"
        with watched.database.transaction() as session:
            session.execute(text("select 44"))
            assert watched.last_message() == "begin; select 44"


def test_a_transaction_without_statements_sends_nothing(watched: Watched) -> None:
    before = watched.last_message()
    with watched.database.transaction() as session:
        session.connection()
    assert watched.last_message() == before


def test_what_nobody_waits_for_goes_with_the_commit(watched: Watched) -> None:
    with watched.database.transaction() as session:
        session.execute(ADD, {"id": 1, "said": "50 % of 'it'"})
        session.execute(ADD, {"id": 2, "said": "the rest"})
    assert watched.last_message().startswith("begin; INSERT INTO note")
    assert watched.last_message().endswith("; commit")
    assert watched.said() == ["50 % of 'it'", "the rest"]


def test_the_next_statement_sees_what_was_deferred(watched: Watched) -> None:
    with watched.database.transaction() as session:
        session.execute(ADD, {"id": 1, "said": "first"})
        assert session.scalar(select(func.count()).select_from(NOTE)) == 1


def test_a_rollback_forgets_what_was_deferred(watched: Watched) -> None:
    with pytest.raises(ValueError, match="changed my mind"), watched.database.transaction() as session:
        session.execute(ADD, {"id": 1, "said": "never"})
        raise ValueError("changed my mind")
    with watched.database.transaction() as session:
        session.execute(ADD, {"id": 2, "said": "this"})
    assert watched.said() == ["this"]


@pytest.mark.parametrize("next_one", ["statement", "commit"])
def test_a_deferred_statement_that_fails_fails_its_transaction(watched: Watched, next_one: str) -> None:
    with watched.database.transaction() as session:
        session.execute(ADD, {"id": 1, "said": "there already"})
    with pytest.raises(IntegrityError), watched.database.transaction() as session:
        session.execute(ADD, {"id": 2, "said": "before"})
        session.execute(ADD, {"id": 1, "said": "again"})
        if next_one == "statement":
            session.execute(ADD.execution_options(deferred=False), {"id": 3, "said": "behind"})
            pytest.fail("it was sent behind a statement that failed")
    with watched.database.transaction() as session:  # the connection is as good as before
        session.execute(ADD, {"id": 4, "said": "afterwards"})
    assert watched.said() == ["there already", "afterwards"]


def test_rows_that_are_fetched_a_part_at_a_time_are_within_the_transaction(watched: Watched) -> None:
    with pytest.raises(ValueError, match="all back"), watched.database.transaction() as session:
        for number in range(5):
            session.execute(ADD, {"id": number, "said": "one of many"})
        found = session.scalars(select(NOTE.c.id).order_by(NOTE.c.id), execution_options={"yield_per": 2})
        assert next(found) == 0
        assert "FETCH FORWARD" in watched.last_message()
        session.execute(ADD, {"id": 5, "said": "meanwhile"})
        assert list(found) == [1, 2, 3, 4]
        raise ValueError("all back")
    assert watched.said() == []


@pytest.mark.parametrize("way", WAYS_IN)
def test_whatever_comes_first_is_within_the_transaction(watched: Watched, way: str) -> None:
    with watched.database.transaction() as session:
        session.execute(ADD, {"id": 1, "said": "as it was"})
    with pytest.raises(ValueError, match="all back"), watched.database.transaction() as session:
        _write(session, way)
        raise ValueError("all back")
    assert watched.said() == ["as it was"]
    with watched.database.transaction() as session:
        _write(session, way)
    assert watched.said() != ["as it was"]


def _write(session: Session, way: str) -> None:
    if way == "statement":
        session.execute(text("insert into note values (2, 'new')"))
    if way == "rows":
        session.execute(insert(NOTE), [{"id": 2, "said": "new"}, {"id": 3, "said": "newer"}])
    if way == "updates":
        change = NOTE.update().where(NOTE.c.id == bindparam("whose"))
        session.connection().execute(change, [{"whose": 1, "said": "changed"}, {"whose": 2, "said": "nobody"}])
    if way == "copy":
        driver: Any = session.connection().connection
        with driver.cursor() as cursor:
            cursor.copy_expert("copy note from stdin with (format csv)", io.StringIO("2,new\n"))
