"""The audit of one database: what is written is sealed, and whatever is changed, removed or inserted is found."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

import psycopg
import pytest
from sqlalchemy import MetaData, create_engine, make_url, text
from sqlalchemy.exc import DBAPIError

from chassis.db import Database, PostgresTransactions, PostgresUnitOfWork, infrastructure_tables
from chassis.db.access_log import Access, AccessLog, handling
from chassis.db.audit_check import AuditFindings, check_audit
from chassis.db.audit_seals import seal_rows
from chassis.db.audit_tables import APPEND_ONLY, grant_audit_log, refuse_changes
from deploy.local.servers import Server
from tests.integration.chassis.toy.service import NoteWritten, translate

KEY = b"k" * 32
NOON = datetime(2026, 4, 1, 12, 30, tzinfo=UTC)


@dataclass
class Trail:
    """A database with the tables of the audit, and nothing else."""

    url: str
    database: Database

    def __post_init__(self) -> None:
        metadata = MetaData()
        self.tables = infrastructure_tables(metadata)
        metadata.create_all(self.database.engine)
        self.transactions = PostgresTransactions(self.database, PostgresUnitOfWork, self.tables, translate)
        self.log = AccessLog(self.database, self.tables.access_log)

    def change(self, subject: str) -> None:
        with self.transactions() as work:
            work.record_audit(
                NOON, "fritz", subject, "step.saved", "The household was saved.", changed_fields=["Städte"]
            )

    def look(self, *subjects: str) -> None:
        self.log.write(access(*subjects))

    def seal(self) -> int:
        return seal_rows(self.database, self.tables)

    def check(self, *anchors: tuple[int, str], key: bytes = KEY) -> AuditFindings:
        return check_audit(self.database, self.tables, [key], anchors)

    def run(self, statement: str) -> Any:
        """As somebody with the database's password, and without the service's key."""
        with self.database.engine.begin() as connection:
            result = connection.execute(text(statement))
            return result.all() if result.returns_rows else None


def access(*subjects: str) -> Access:
    found = Access(NOON, "fritz", "producer", "suite.toy.v1.ToyService.Get", ("identity",))
    found.add(subjects)
    return found


@pytest.fixture
def trail(database: str) -> Iterator[Trail]:
    db = Database(database, lambda: KEY)
    yield Trail(database, db)
    db.close()


@pytest.fixture
def sealed(trail: Trail) -> Trail:
    """Three changes and three accesses, sealed in four seals."""
    for number in (1, 2, 3):
        trail.change(f"A-{number}")
        trail.look(f"A-{number}", "A-9")
        if number == 2:
            trail.seal()
    trail.seal()
    return trail


def test_an_untouched_audit_has_no_fault_and_says_what_waits(sealed: Trail) -> None:
    sealed.look("A-4")
    found = sealed.check()
    assert (found.faults, found.rows, found.seals, found.unsealed, found.unsigned) == ([], 7, 4, 1, 0)
    assert found.head[0] == 4


def test_a_changed_row_is_named(sealed: Trail) -> None:
    sealed.run("update access_log set actor = 'somebody' where id = 2")
    sealed.run("update audit set changed_fields = '[]' where id = 3")
    assert sealed.check().faults == [
        "row 2 of access_log was changed or inserted: its signature is of other values",
        "row 3 of audit was changed or inserted: its signature is of other values",
    ]


def test_a_removed_row_is_named(sealed: Trail) -> None:
    sealed.run("delete from access_log where id = 2")
    assert sealed.check().faults == ["row 2 of access_log was removed (seal 2)"]


def test_an_inserted_row_is_named_sealed_or_not(sealed: Trail) -> None:
    columns = "at, actor, actor_kind, on_behalf_of, grant_id, operation, subjects, personal_data, outcome, trace_id"
    copy = f"insert into access_log ({columns}, signature) select at, 'anna', {columns[11:]}, signature from access_log"
    sealed.run(f"{copy} where id = 1")
    fault = "row 4 of access_log was changed or inserted: its signature is of other values"
    assert sealed.check().faults == [fault]
    sealed.seal()
    assert sealed.check().faults == [fault]


def copy_row(trail: Trail, row: int, to: int) -> None:
    copied = f"select jsonb_populate_record(a, '{{\"id\": {to}}}') as r from access_log a where id = {row}"
    trail.run(f"insert into access_log overriding system value select (r).* from ({copied}) as copied")


def test_a_row_that_was_replaced_by_a_copy_is_found_though_its_signature_fits(sealed: Trail) -> None:
    sealed.run("delete from access_log where id = 2")
    copy_row(sealed, 1, to=2)
    assert sealed.check().faults == ["a row of access_log among {[1,3)} is another than was sealed (seal 2)"]


def test_a_copy_between_rows_that_were_sealed_long_ago_is_found(trail: Trail, monkeypatch: pytest.MonkeyPatch) -> None:
    trail.look("A-1")
    trail.run("select nextval(pg_get_serial_sequence('access_log', 'id'))")  # of a transaction that failed
    trail.look("A-3")
    trail.seal()
    copy_row(trail, 1, to=2)
    assert (trail.check().faults, trail.check().unsealed) == ([], 1)  # it may have been committed late
    for module in ("audit_check", "audit_seals"):
        monkeypatch.setattr(f"chassis.db.{module}.LATE_COMMIT_SECONDS", 0)
    assert trail.seal() == 0
    fault = "row 2 of access_log was inserted: rows behind it were sealed long before it came"
    assert trail.check().faults == [fault]


def test_a_removed_seal_and_a_changed_one_are_named(sealed: Trail) -> None:
    sealed.run("delete from audit_seals where number = 2")
    assert "seals 2 to 2 were removed" in sealed.check().faults
    sealed.run("update audit_seals set digest = '\\x00' where number = 3")
    assert "seal 3 was changed, or made with a key that was not given" in sealed.check().faults


def test_the_end_cut_off_with_its_seals_is_found_by_what_an_earlier_check_saw(sealed: Trail) -> None:
    head = sealed.check().head
    sealed.run("delete from audit_seals where number > 2")
    sealed.run("delete from access_log where id > 2")
    sealed.run("delete from audit where id > 2")
    assert sealed.check().faults == []  # the control: the database alone cannot tell
    assert sealed.check(head).faults == ["seal 4, which an earlier check saw, was removed"]


def test_every_seal_gone_is_no_clean_audit(sealed: Trail) -> None:
    sealed.run("delete from audit_seals")
    assert sealed.check().faults == ["nothing is sealed: no worker has run yet, or every seal was removed"]


def test_another_key_makes_nothing_that_verifies(sealed: Trail) -> None:
    found = sealed.check(key=b"x" * 32)
    assert len(found.faults) == 4 + 6


def test_a_row_that_is_committed_late_is_sealed_later(trail: Trail) -> None:
    with trail.transactions() as late:
        late.record_audit(NOON, "fritz", "A-1", "step.saved", "")
        late.session.execute(text("select 1"))  # the row goes out with it
        trail.change("A-2")
        assert trail.seal() == 1
    assert trail.seal() == 1
    assert trail.run("select cast(ids as text) from audit_seals order by number") == [("{[2,3)}",), ("{[1,2)}",)]
    assert trail.check().faults == []


def test_rows_are_sealed_once_and_the_rest_when_there_are_many(trail: Trail, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chassis.db.audit_seals.BATCH", 4)
    for number in range(10):
        trail.look(f"A-{number}")
    assert [trail.seal(), trail.seal()] == [10, 0]
    assert (trail.check().seals, trail.check().faults) == (3, [])


def test_an_access_goes_with_the_first_transaction_or_not_at_all(trail: Trail) -> None:
    one = access("A-1")
    one.known_at_start = True
    with handling(one):
        with pytest.raises(ZeroDivisionError), trail.transactions() as work:
            work.publish_event(NoteWritten("1", "A-1", "hello"))
            raise ZeroDivisionError
        assert trail.run("select count(*) from access_log") == [(0,)]
        for _ in range(2):
            with trail.transactions() as work:
                work.publish_event(NoteWritten("1", "A-1", "hello"))
        trail.log.write(one)
    assert trail.run("select subjects, outcome from access_log") == [(["A-1"], "answered")]


def test_a_line_of_the_audit_adds_whom_the_access_is_about(trail: Trail) -> None:
    one = access()
    with handling(one):
        trail.change("A-7")
    assert one.subjects == ["A-7"]


@pytest.fixture
def role(trail: Trail, sql_server: Server) -> Iterator[Callable[[str], Any]]:
    """Runs statements for a role that has what a service's process needs."""
    mine = make_url(trail.url)
    role, password = f"{mine.database}_role", secrets.token_hex(12)
    with psycopg.connect(sql_server.url, autocommit=True) as admin:
        admin.execute(f"create role {role} login password '{password}'")
        admin.execute(f"grant connect on database {mine.database} to {role}")
        with trail.database.engine.begin() as connection:
            grant_audit_log(connection, role)
        engine = create_engine(mine.set(drivername="postgresql+psycopg2", username=role, password=password))
        yield partial(_run, engine)
        engine.dispose()
        with trail.database.engine.begin() as connection:
            for table in APPEND_ONLY:
                connection.execute(text(f"revoke all on {table} from {role}"))
        admin.execute(f"revoke all on database {mine.database} from {role}")
        admin.execute(f"drop role {role}")


def _run(engine: Any, statement: str) -> Any:
    with engine.begin() as connection:
        result = connection.execute(text(statement))
        return result.all() if result.returns_rows else result.rowcount


ADDING = {
    "audit": "insert into audit (at, actor, subject, action) values (now(), 'a', 'A-1', 'b')",
    "access_log": "insert into access_log (at, actor, actor_kind, on_behalf_of, grant_id, operation, subjects, "
    "personal_data, outcome, trace_id, signature) values (now(), '', '', '', '', '', '{}', '{}', '', '', '')",
    "audit_seals": "insert into audit_seals values (1, '', '{}', 1, '', '', '', now())",
}


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_nothing_but_adding_and_reading_is_allowed(role: Callable[[str], Any], table: str) -> None:
    column = "number" if table == "audit_seals" else "actor"
    for act in (f"update {table} set {column} = {column}", f"delete from {table}", f"truncate {table}"):
        with pytest.raises(DBAPIError, match="permission denied"):
            role(act)
    with pytest.raises(DBAPIError, match="must be owner"):
        role(f"drop table {table}")
    assert role(ADDING[table]) == 1
    assert role(f"select count(*) from {table}") == [(1,)]


def test_the_owner_changes_nothing_by_a_slip(sealed: Trail) -> None:
    with sealed.database.engine.begin() as connection:
        refuse_changes(connection, APPEND_ONLY)
    for table in APPEND_ONLY:
        for act in (f"delete from {table}", f"truncate {table}"):
            with pytest.raises(DBAPIError, match="only added"):
                sealed.run(act)
    assert sealed.check().faults == []
