"""What: a server is restored to the moment before a mistake (docs/how-to/restore-from-a-backup.md, "Point in time").

How: enrollment's database on a server that archives its log; one application before a base backup and one after it,
then one more and a table dropped by mistake. Another server is started on the backup with the archived log.
Invariant: every row of the noted moment is there and opens with its key, nothing of later is, and work goes on.

Control: the same backup and log without the moment bring the mistake along.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

import chassis.db
from chassis.db import Database, PostgresTransactions
from chassis.kernel import Command, FixedClock
from deploy.local.servers import Server, databases
from services.enrollment.domain.application import Application
from services.enrollment.events.outgoing import event_to_proto
from services.enrollment.rulebook import Rulebook
from services.enrollment.store.ssn_encryption import SsnEncryption
from services.enrollment.store.work import UnitOfWork, make_transactions
from services.enrollment.usecases.application_service import ApplicationService
from services.enrollment.usecases.start_application import StartApplication
from tests.integration.application_machine.fake_services import IL
from tests.integration.application_machine.harness import FRITZ, KEYS, harness_on
from tests.integration.archived_servers import archiving_server, password_of, restored_server, take_base_backup
from tests.integration.services.enrollment.whole_applications import ApplicationHistory, family, general, tell_family
from tests.invariants import connect, find_broken_in

RESEND = Path(chassis.db.__file__).with_name("resend.sql")
NAME, PASSWORD = "enrollment", "made-up"

# Three starts of a server, two backups and two replays: 15 s together on an idle machine, more in a whole test run.
pytestmark = pytest.mark.timeout(300)


@dataclass(frozen=True)
class Accident:
    """What the database held at ``moment``, right before the mistake; a backup for each restore, which changes it."""

    folder: Path
    admin_password: str
    moment: str
    rows: dict[str, list[str]]
    applications: list[Application]
    late: str

    @contextmanager
    def restored(self, backup: str, **target: str) -> Iterator[str]:
        """The address of the restored database."""
        archive = self.folder / "archive"
        with restored_server(self.folder / backup, archive, self.admin_password, **target) as server:
            yield address_at(server)


@pytest.fixture(scope="module")
def accident(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Accident]:
    folder = tmp_path_factory.mktemp("archived")
    with archiving_server(folder / "old", folder / "archive") as server:
        url = databases.provide_databases(server.url, {NAME: PASSWORD}, prefix="")[NAME]
        with harness_on(url) as harness:
            first = tell_family(harness)
            for backup in ("earlier", "newest"):
                take_base_backup(server.url, folder / backup)
            second = ApplicationHistory(harness, key="key-number-2")
            second.save(general=general())
            second.save(household=family())
            with psycopg.connect(url) as connection:
                connection.execute("update outbox set sent_at = now()")
            applications = [harness.read(number) for number in (first.app.record_number, second.app.record_number)]
            rows, moment = read_rows(url), read_clock(url)
            late = ApplicationHistory(harness, key="key-number-3").app.record_number
        with psycopg.connect(url) as connection:
            connection.execute("drop table person")
    yield Accident(folder, password_of(server.url), moment, rows, applications, late)


def test_a_restore_to_the_moment_before_a_mistake_has_all_of_before_and_nothing_of_after(accident: Accident) -> None:
    with accident.restored("earlier", recovery_target_time=accident.moment) as url:
        assert read_rows(url) == accident.rows
        with closing(Database(url)) as database:
            encryption = SsnEncryption.with_keys(*KEYS)
            transactions = make_transactions(database, encryption, event_to_proto)
            with transactions() as work:
                found = [work.applications.get(one.record_number) for one in accident.applications]
            assert found == accident.applications
            assert open_ssns(url, encryption) == ["536904399"] * 2
            follow_the_runbook(url)
            assert start_one(transactions) > accident.late  # which a producer may have written down
        with connect(url) as connection:
            assert find_broken_in(connection, NAME) == []


def test_a_restore_to_the_end_of_the_log_brings_the_mistake_along(accident: Accident) -> None:
    """The control: without a moment everything that was archived is replayed."""
    with accident.restored("newest") as url:
        rows = read_rows(url)
    assert set(accident.rows) - set(rows) == {"person"}
    assert len(rows["application"]) == len(accident.rows["application"]) + 1


def follow_the_runbook(url: str) -> None:
    """Steps 5 and 6: events again, and record numbers that may be known elsewhere."""
    with psycopg.connect(url) as connection:
        connection.execute(sql.SQL(RESEND.read_text()))
        assert connection.execute("select count(*) from outbox where sent_at is not null").fetchone() == (0,)
        connection.execute("update counter set last = last + 10000")


def open_ssns(url: str, encryption: SsnEncryption) -> list[str]:
    with psycopg.connect(url) as connection:
        sealed = connection.execute("select person_id, ssn from person where ssn is not null").fetchall()
    return [encryption.cipher.decrypt(bytes(ssn), person) for person, ssn in sealed]


def start_one(transactions: PostgresTransactions[UnitOfWork]) -> str:
    service = ApplicationService(transactions, FixedClock.at("2026-05-20"), Rulebook())
    return StartApplication(service)(
        Command(FRITZ, "start_application", "key-number-4", b""), IL
    ).application.record_number


def read_rows(url: str) -> dict[str, list[str]]:
    """By table, each row as text."""
    with psycopg.connect(url) as connection:
        tables = connection.execute("select tablename from pg_tables where schemaname = 'public'").fetchall()
        query = sql.SQL("select t::text from {} t order by 1")
        return {name: [row for (row,) in connection.execute(query.format(sql.Identifier(name)))] for (name,) in tables}


def read_clock(url: str) -> str:
    """The server's, by which each commit in its log is dated."""
    with psycopg.connect(url) as connection:
        [(moment,)] = connection.execute("select clock_timestamp()::text").fetchall()
    return str(moment)


def address_at(server: Server) -> str:
    return databases.for_role(server.url, NAME, PASSWORD)
