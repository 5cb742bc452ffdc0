"""Sealed numbers go over from a local key to one that a key management service keeps, and are read while it is away."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from chassis import key_management
from chassis.settings import load_service
from deploy.local.waiting import wait_until
from services.enrollment.settings import EnrollmentSettings
from services.enrollment.store.ssn_encryption import SsnEncryption
from services.enrollment.store.tables import PersonRow
from tests.integration.kms_server import KmsServer, run_kms
from tests.integration.services.enrollment.client_harness import ClientHarness
from tests.integration.services.enrollment.test_key_rotation import (
    BEFORE,
    INDEX,
    Run,
    add_people,
    person_id,
    reading,
    run,
    ssn_of,
)

__all__ = ["run"]
PEOPLE = 1_000


@pytest.fixture
def kms(monkeypatch: pytest.MonkeyPatch) -> Iterator[KmsServer]:
    with run_kms() as running:
        for name, value in running.settings("ENROLLMENT").items():
            monkeypatch.setenv(name, value)
        yield running


def own_encryption(keys: str, database: str, monkeypatch: pytest.MonkeyPatch) -> SsnEncryption:
    """As a process with these settings has it."""
    for name, value in (("DATABASE_URL", database), ("FIELD_KEYS", keys), ("INDEX_KEY", INDEX)):
        monkeypatch.setenv(f"ENROLLMENT_{name}", value)
    monkeypatch.setenv("SUITE_ENV", "test")
    return load_service(EnrollmentSettings, "enrollment").ssn_encryption


@pytest.mark.timeout(180)
def test_numbers_go_over_to_the_service_and_are_read_while_it_is_silent(
    harness: ClientHarness, database: str, run: Run, kms: KmsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_people(harness, PEOPLE)
    managed = kms.make_key(kms.make_master_key(), "enrollment", "kms-2027")
    during = f"{managed},{BEFORE}"
    # the readers ask as often as they may, so that many of them find it silent
    monkeypatch.setattr(key_management, "FRESH_SECONDS", 0.05)
    monkeypatch.setattr(key_management, "PAUSE_SECONDS", 1.0)
    with reading(harness.database, own_encryption(during, database, monkeypatch), PEOPLE) as reads:
        code, said = run(during)
        assert (code, reads.wrong) == (0, []), said
        assert f"{PEOPLE + 1:,} rewrapped to key kms-2027" in said
        assert wait_until(lambda: reads.under_new > 100, 30)
        before, asked = reads.under_new, kms.asked
        kms.speaks.clear()
        assert wait_until(lambda: kms.asked > asked and reads.under_new > before + 200, 60)
    kms.speaks.set()
    assert reads.wrong == []

    code, said = run(managed, "--check")
    assert code == 0 and said.endswith("Everything is sealed under key kms-2027.\n")
    assert f"person.ssn: {PEOPLE + 1:,} under key kms-2027\n" in said
    own = own_encryption(managed, database, monkeypatch)
    with harness.database.transaction() as session:
        rows = session.execute(select(PersonRow.person_id, PersonRow.ssn)).all()
    sealed = {row.person_id: row.ssn for row in rows}
    assert all(own.unseal(sealed[person_id(n)] or b"", person_id(n)) == ssn_of(n) for n in range(PEOPLE))


def test_without_the_service_nothing_is_rewrapped_and_nothing_is_lost(
    harness: ClientHarness, database: str, run: Run, kms: KmsServer
) -> None:
    """The control: a ring whose first key cannot be had seals nothing, and what there is stays as it is."""
    add_people(harness, 10)
    managed = kms.make_key(kms.make_master_key(), "enrollment", "kms-2027")
    kms.fault = "AccessDeniedException"
    code, said = run(f"{managed},{BEFORE}")
    assert code == 1
    assert "0 rewrapped to key kms-2027; 11 left under key kms-2027, which is refused" in said
    kms.fault = ""
    assert run(f"{managed},{BEFORE}")[0] == 0
