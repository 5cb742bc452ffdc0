"""Sealed numbers go over to another key while they are read: none is unreadable at any time, nor after a kill."""

from __future__ import annotations

import base64
import json
import os
import random
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select, update

from chassis.crypto import DecryptionFailed, FieldCipher, KeyRing
from chassis.db import Database
from chassis.db.key_rotation import SealedColumn, count_by_key, rewrap
from chassis.identity import generate_private_jwk
from chassis.service import Runtime
from chassis.settings import load_suite
from deploy.local.waiting import wait_until
from services.enrollment.commands.rotate_keys import rotate_keys
from services.enrollment.store.ssn_encryption import SsnEncryption
from services.enrollment.store.tables import INFRASTRUCTURE, PersonRow
from tests.integration.services.enrollment.client_harness import ADA, ClientHarness

ROOT = Path(__file__).parents[4]
# Half of them of the time before keys had ids. The first is the one of the harness.
UNNAMED, OLD, NEW, INDEX = (base64.b64encode(letter * 32).decode() for letter in (b"f", b"o", b"n", b"i"))
# Whoever changes a row signs what the audit says of it.
IDENTITY = generate_private_jwk("enrollment")
BEFORE = f"2026:{OLD},{UNNAMED}"
DURING = f"2027:{NEW},{BEFORE}"
AFTER = f"2027:{NEW}"
PEOPLE = 10_000
READERS = 2
Run = Callable[..., tuple[int, str]]


def encryption(keys: str) -> SsnEncryption:
    return SsnEncryption.with_keys(keys, INDEX)


def sealed_column(keys: str) -> SealedColumn:
    return SealedColumn(encryption(keys).cipher, PersonRow.person_id, PersonRow.ssn)


def ssn_of(number: int) -> str:
    return f"9{number:08}"  # no number of a person begins with a 9


def person_id(number: int) -> str:
    return f"person-{number:06}"


def add_people(harness: ClientHarness, count: int) -> None:
    """``count`` people beside the one of an application, by turns under the old key and the one without an id."""
    harness.apply(ADA)
    ways = encryption(BEFORE), encryption(UNNAMED)
    with harness.transactions() as work:
        columns = PersonRow.__table__.c
        one = work.session.execute(select(*columns)).one()._asdict()
        rows = [
            one
            | {"person_id": person_id(n), "position": n + 1}
            | ways[n % 2].seal(ssn_of(n), person_id(n))
            | seal_birth_date(ways[n % 2], n)
            for n in range(count)
        ]
        work.session.execute(insert(PersonRow), rows)


def seal_birth_date(own: SsnEncryption, number: int) -> dict[str, bytes]:
    """Of a person, and of the one that was first submitted."""
    born, mine = own.birth_dates, person_id(number)
    identity = json.dumps({"first_name": "Ada", "last_name": "Sample", "date_of_birth": "1987-06-14"})
    return {
        "birth_date_sealed": born.person.seal("1987-06-14", mine),
        "first_identity_sealed": born.first_identity.seal(identity, mine),
    }


def read_all(database: Database, keys: str, count: int) -> int:
    """How many of the people's numbers come back right."""
    own = encryption(keys)
    with database.transaction() as session:
        rows = session.execute(select(PersonRow.person_id, PersonRow.ssn)).all()
    sealed = {row.person_id: row.ssn for row in rows}
    return sum(own.unseal(sealed[person_id(n)] or b"", person_id(n)) == ssn_of(n) for n in range(count))


def read_indexes(database: Database) -> dict[str, str | None]:
    with database.transaction() as session:
        rows = session.execute(select(PersonRow.person_id, PersonRow.ssn_index)).all()
    return {row.person_id: row.ssn_index for row in rows}


def start(url: str, keys: str) -> subprocess.Popen[str]:
    own = {"SUITE_ENV": "test", "ENROLLMENT_DATABASE_URL": url, "ENROLLMENT_FIELD_KEYS": keys}
    return subprocess.Popen(
        [sys.executable, "-m", "services.enrollment", "rotate-keys"],
        cwd=ROOT,
        env=os.environ | own | {"ENROLLMENT_INDEX_KEY": INDEX, "ENROLLMENT_IDENTITY_KEY": IDENTITY},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.fixture
def run(database: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """The command in this process: how it ended and what it said."""

    def ask(keys: str, *arguments: str) -> tuple[int, str]:
        monkeypatch.setenv("SUITE_ENV", "test")  # made-up keys
        for name, value in (("DATABASE_URL", database), ("FIELD_KEYS", keys), ("INDEX_KEY", INDEX)):
            monkeypatch.setenv(f"ENROLLMENT_{name}", value)
        monkeypatch.setenv("ENROLLMENT_IDENTITY_KEY", IDENTITY)
        monkeypatch.setattr(sys, "argv", ["enrollment", "rotate-keys", *arguments])
        runtime, code = Runtime("enrollment", load_suite()), 0
        try:
            rotate_keys(runtime)
        except SystemExit as end:
            code = int(end.code or 0)
        finally:
            runtime.database.close()
        return code, capsys.readouterr().out

    return ask


@dataclass
class Reads:
    """``under_new``: how many of the values were under the new key when they were read."""

    right: int = 0
    under_new: int = 0
    wrong: list[str] = field(default_factory=list)


@contextmanager
def reading(database: Database, own: SsnEncryption, count: int = PEOPLE) -> Iterator[Reads]:
    """Threads that read people at random, as processes that have both keys do."""
    reads, over, lock = Reads(), threading.Event(), threading.Lock()

    def read() -> None:
        chosen = random.Random(7)
        while not over.is_set():
            number = chosen.randrange(count)
            with database.transaction() as session:
                sealed = session.scalar(select(PersonRow.ssn).where(PersonRow.person_id == person_id(number)))
            try:
                right = own.cipher.decrypt(sealed or b"", person_id(number)) == ssn_of(number)
            except DecryptionFailed:
                right = False
            with lock:
                reads.right += right
                reads.under_new += (sealed or b"").startswith(own.cipher.current_header)
                reads.wrong += [] if right else [person_id(number)]

    with ThreadPoolExecutor(READERS) as threads:
        running = [threads.submit(read) for _ in range(READERS)]
        try:
            yield reads
        finally:
            over.set()
        for one in running:
            one.result()


@pytest.mark.timeout(240)
def test_ten_thousand_numbers_go_over_while_they_are_read_and_through_a_kill(
    harness: ClientHarness, database: str, run: Run
) -> None:
    add_people(harness, PEOPLE)
    indexes = read_indexes(harness.database)
    code, said = run(DURING, "--check")
    assert code == 1 and "person.ssn: 5,000 under key 2026" in said and "5,001 under the key without an id" in said
    assert count_by_key(harness.database, sealed_column(DURING))["key 2027"] == 0, "a check changes nothing"

    def gone_over() -> int:
        header = encryption(DURING).cipher.current_header
        with harness.database.transaction() as session:
            under_new = func.substring(PersonRow.ssn, 1, len(header)) == header
            return session.scalar(select(func.count()).where(under_new)) or 0

    with reading(harness.database, encryption(DURING)) as reads:
        killed = start(database, DURING)
        assert wait_until(lambda: gone_over() > 500, 60)
        killed.kill()
        killed.communicate()
        there = gone_over()
        assert 500 < there < PEOPLE, "in the midst of it"
        assert there % 100 == 0, "whole batches"
        code, said = run(DURING)
        assert wait_until(lambda: reads.under_new > 100, 30)
    assert (code, reads.wrong) == (0, []) and reads.right > 500, (said, reads.right)
    assert f"{PEOPLE + 1 - there:,} rewrapped to key 2027" in said
    assert read_all(harness.database, AFTER, PEOPLE) == PEOPLE, "the old keys are gone"
    assert read_indexes(harness.database) == indexes
    code, said = run(AFTER, "--check")
    assert code == 0 and said.endswith("Everything is sealed under key 2027.\n")
    for column in ("person.ssn", "person.birth_date_sealed", "person.first_identity_sealed"):
        assert f"{column}: {PEOPLE + 1:,} under key 2027\n" in said
    assert "client.birth_date_sealed: 1 under key 2027\n" in said
    assert run(DURING)[1].startswith("person.ssn: 0 rewrapped"), "again, and nothing is left to do"
    with harness.database.transaction() as session:
        query = select(INFRASTRUCTURE.audit.c.summary).where(INFRASTRUCTURE.audit.c.action == "field_keys.rotated")
        lines = list(session.scalars(query.order_by(INFRASTRUCTURE.audit.c.id)))
    assert lines[0] == f"person.ssn: {PEOPLE + 1 - there:,} rewrapped to key 2027, 0 could not be"
    assert len(lines) == 2 * 5, "a line for each column and run; the one that was killed wrote none"


def test_a_key_that_is_removed_too_early_is_named_and_its_values_stay(harness: ClientHarness, run: Run) -> None:
    add_people(harness, 10)
    code, said = run(f"{AFTER},{UNNAMED}")
    assert code == 1 and "6 rewrapped to key 2027; 5 left under key 2026, which is missing from the settings" in said
    assert run(f"{AFTER},2026:{OLD}")[0] == 0, "the rest, once their key is there again"
    assert read_all(harness.database, AFTER, 10) == 10


def test_the_check_sees_values_whose_key_the_settings_lack(harness: ClientHarness, run: Run) -> None:
    add_people(harness, 10)
    code, said = run(AFTER, "--check")
    assert code == 1 and "5 under key 2026" in said and "34 under other keys" in said


def test_a_value_that_is_held_is_passed_over_and_goes_the_next_time(harness: ClientHarness) -> None:
    add_people(harness, 10)
    with harness.database.transaction() as holding:
        holding.execute(select(PersonRow).where(PersonRow.person_id == person_id(3)).with_for_update())
        assert rewrap(harness.database, sealed_column(DURING)).done == 10
    assert rewrap(harness.database, sealed_column(DURING)).done == 1
    assert read_all(harness.database, AFTER, 10) == 10


def test_two_rotations_at_once_rewrap_each_value_once(harness: ClientHarness) -> None:
    add_people(harness, 1000)
    with ThreadPoolExecutor(2) as threads:
        runs = [threads.submit(rewrap, harness.database, sealed_column(DURING)) for _ in range(2)]
    assert sum(one.result().done for one in runs) == 1001
    assert read_all(harness.database, AFTER, 1000) == 1000


def test_a_damaged_value_is_counted_and_left_and_the_others_go(harness: ClientHarness) -> None:
    add_people(harness, 10)
    damaged = update(PersonRow).where(PersonRow.person_id == person_id(3)).values(ssn=b"\x01damaged")
    with harness.database.transaction() as session:
        session.execute(damaged)
    found = rewrap(harness.database, sealed_column(DURING))
    assert (found.done, dict(found.failed)) == (10, {"damaged, or of another row": 1})


class ForgetsItsRow(FieldCipher):
    """Wraps without the associated data."""

    def _make_envelope(self, data_key: bytes, _context: bytes) -> bytes:
        return super()._make_envelope(data_key, b"")


def test_a_rewrap_that_forgets_the_associated_data_leaves_nothing_readable(harness: ClientHarness) -> None:
    """The control: what is read above was wrapped for its own row again."""
    add_people(harness, 10)
    forgetful = ForgetsItsRow(KeyRing.parse(DURING), "person", "ssn")
    rewrap(harness.database, SealedColumn(forgetful, PersonRow.person_id, PersonRow.ssn))
    with pytest.raises(DecryptionFailed):
        read_all(harness.database, DURING, 10)
