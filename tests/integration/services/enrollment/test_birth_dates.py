"""Birth dates lie sealed: each opens in its own row alone, and while a plain one is there, that one counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select, update

from chassis.crypto import DecryptionFailed
from services.enrollment.domain.enums import Step
from services.enrollment.store.tables import ClientRow, PersonRow
from tests.integration.services.enrollment.client_harness import ADA as SAMPLE
from tests.integration.services.enrollment.client_harness import ENCRYPTION, ClientHarness, clients_house

BORN = date(1986, 3, 2)
ADA = replace(SAMPLE, date_of_birth=BORN)


@pytest.fixture
def harness(database: str) -> Iterator[ClientHarness]:
    with clients_house(database) as made:
        yield made


def without_plain_dates(harness: ClientHarness) -> None:
    with harness.transactions() as work:
        work.session.execute(update(PersonRow).values(date_of_birth=None, first_identity=None))


def submitted(harness: ClientHarness) -> str:
    """The record number of somebody who was submitted once."""
    app = harness.apply(ADA)
    with harness.transactions() as work:
        found = work.applications.get(app.record_number)
        assert found
        people = tuple(person.as_submitted() for person in found.household.people)
        changed = replace(found, household=replace(found.household, people=people))
        work.applications.save(changed, Step.PLANS, read_version=found.version)
    return app.record_number


def test_a_sealed_birth_date_and_first_identity_come_back(harness: ClientHarness) -> None:
    record_number = submitted(harness)
    without_plain_dates(harness)
    with harness.transactions() as work:
        found = work.applications.get(record_number)
    assert found
    [ada] = found.household.people
    assert ada.date_of_birth == BORN
    assert ada.first_identity and ada.first_identity.date_of_birth == BORN and ada.first_identity.submitted


def test_a_plain_date_that_an_older_process_wrote_counts(harness: ClientHarness) -> None:
    record_number = submitted(harness)
    with harness.transactions() as work:
        work.session.execute(update(PersonRow).values(date_of_birth=date(1990, 2, 3)))
    with harness.transactions() as work:
        found = work.applications.get(record_number)
    assert found and found.household.people[0].date_of_birth == date(1990, 2, 3)


def test_a_birth_date_of_another_person_does_not_open(harness: ClientHarness) -> None:
    mine, other = harness.apply(ADA), harness.apply(replace(ADA, first_name="Eve"))
    without_plain_dates(harness)
    with harness.transactions() as work:
        row = work.session.scalars(select(PersonRow).where(PersonRow.record_number == mine.record_number)).one()
        moved = update(PersonRow).where(PersonRow.record_number == other.record_number)
        work.session.execute(moved.values(birth_date_sealed=row.birth_date_sealed))
    with harness.transactions() as work:
        assert work.applications.get(mine.record_number), "the control: in its own row it opens"
        with pytest.raises(DecryptionFailed):
            work.applications.get(other.record_number)


def test_a_birth_date_of_another_client_does_not_open(harness: ClientHarness) -> None:
    harness.apply(ADA)
    harness.apply(replace(ADA, first_name="Eve"))
    with harness.transactions() as work:
        ada, eve = work.session.scalars(select(ClientRow).order_by(ClientRow.first_name))
        cipher = ENCRYPTION.birth_dates.client
        assert ada.birth_date_sealed and cipher.open(ada.birth_date_sealed, ada.client_id) == BORN.isoformat()
        with pytest.raises(DecryptionFailed):
            cipher.open(ada.birth_date_sealed, eve.client_id)


def test_clients_of_one_name_come_the_oldest_first(harness: ClientHarness) -> None:
    for born in (date(1990, 2, 3), date(1961, 12, 5), date(1975, 7, 1)):
        harness.apply(replace(ADA, date_of_birth=born, ssn=""))
    found = [client.profile.date_of_birth for client in harness.search("ada sample")]
    assert found == [date(1961, 12, 5), date(1975, 7, 1), date(1990, 2, 3)]
