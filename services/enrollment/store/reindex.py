"""Store: makes all blind indexes again, after another index key or another way to make them (docs/adr/0022).

Safe to run again, and beside the service: each batch is a transaction, and a client saved meanwhile is indexed by it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session

from chassis.db import Database
from services.enrollment.domain.client import ten_digits
from services.enrollment.domain.people import make_identity
from services.enrollment.store import json_columns
from services.enrollment.store.birth_date_encryption import open_date
from services.enrollment.store.clients import client_values, profile_of_row
from services.enrollment.store.ssn_encryption import SsnEncryption
from services.enrollment.store.tables import ApplicationRow, ClientQuoteRow, ClientReviewRow, ClientRow, PersonRow

# Locks held at once; a second's work.
BATCH = 500
_APPLICATION: Any = ApplicationRow.__table__
_PERSON: Any = PersonRow.__table__


def reindex_blind_indexes(database: Database, encryption: SsnEncryption) -> int:
    """Gives how many clients, people and applications were indexed."""
    done = 0
    for key, work in (
        (ClientRow.client_id, _clients),
        (_APPLICATION.c.number, _signed),
        (PersonRow.person_id, _people),
        (_APPLICATION.c.number, _phones),
    ):
        for first, last in _batches(database, key):
            with database.transaction() as session:
                done += work(session, encryption, key.between(first, last))
    return done


def _batches(database: Database, key: Any) -> Iterator[tuple[Any, Any]]:
    last: Any = None
    while True:
        with database.transaction() as session:
            query = select(key).order_by(key).limit(BATCH)
            found = list(session.scalars(query if last is None else query.where(key > last)))
        if not found:
            return
        last = found[-1]
        yield found[0], last


def _clients(session: Session, encryption: SsnEncryption, within: Any) -> int:
    rows = list(session.scalars(select(ClientRow).where(within).order_by(ClientRow.client_id).with_for_update()))
    for row in rows:
        values = client_values(encryption, profile_of_row(encryption, row), row.client_id)
        index = values["person_index"]
        same = ClientRow.writing_number == row.writing_number, ClientRow.person_index == index
        newer = session.scalar(select(ClientRow.client_id).where(*same, ClientRow.client_id != row.client_id))
        if newer:  # became known again while the indexes were of two kinds
            mine = ClientQuoteRow.client_id == row.client_id
            session.execute(update(ClientQuoteRow).where(mine).values(client_id=newer))
            session.execute(delete(ClientRow).where(ClientRow.client_id == row.client_id))
        else:
            indexes = {"person_index": index, "tokens": values["tokens"]}
            session.execute(update(ClientRow).where(ClientRow.client_id == row.client_id).values(indexes))
    return len(rows)


def _signed(session: Session, encryption: SsnEncryption, within: Any) -> int:
    """A signature holds while the numbers are those that were signed, so its fingerprints go with their indexes."""
    query = select(ApplicationRow).where(within, ApplicationRow.client_review.is_not(None))
    apps = list(session.scalars(query.with_for_update()))
    numbers = [app.record_number for app in apps]
    people = list(session.scalars(select(PersonRow).where(PersonRow.record_number.in_(numbers)).with_for_update()))
    renewed = {person.ssn_index or "": _ssn_index(encryption, person) or "" for person in people}
    reviews = select(ClientReviewRow).where(ClientReviewRow.record_number.in_(numbers)).with_for_update()
    for person in people:
        person.ssn_index = _ssn_index(encryption, person)
    for app in apps:
        app.client_review = _renewed(app.client_review, renewed)
    for review in session.scalars(reviews):
        review.consent = _renewed(review.consent, renewed)
    session.flush()
    return 0


def _renewed(stored: Any, renewed: dict[str, str]) -> Any:
    consent = json_columns.REVIEW_CONSENT.load(stored)
    if consent is None:
        return stored
    fingerprints = tuple(renewed.get(one, one) for one in consent.ssn_fingerprints)
    return json_columns.REVIEW_CONSENT.dump(replace(consent, ssn_fingerprints=fingerprints))


def _people(session: Session, encryption: SsnEncryption, within: Any) -> int:
    query = select(PersonRow, ApplicationRow.writing_number).join(ApplicationRow).where(within)
    rows = list(session.execute(query.with_for_update(of=PersonRow)))
    _write(session, _PERSON, _PERSON.c.person_id, [_indexes(encryption, person, number) for person, number in rows])
    return len(rows)


def _indexes(encryption: SsnEncryption, person: PersonRow, number: str) -> dict[str, Any]:
    sealed, plain = person.birth_date_sealed, person.date_of_birth
    born = open_date(encryption.birth_dates.person, plain, sealed, person.person_id)
    whole = (person.first_name or person.one_name_only) and person.last_name and born
    own = make_identity(person.first_name, person.last_name, born) if born else ""
    return {
        "of": person.person_id,
        "person_index": encryption.own(number, own, "person") if whole else None,
        "ssn_index": _ssn_index(encryption, person),
    }


def _ssn_index(encryption: SsnEncryption, person: PersonRow) -> str | None:
    """The one place that opens sealed numbers, each for its own new index."""
    ssn = encryption.unseal(person.ssn, person.person_id) if person.ssn else ""
    return encryption.index.of(ssn, "ssn") if ssn else None


def _phones(session: Session, encryption: SsnEncryption, within: Any) -> int:
    known = _APPLICATION.c
    columns = (known.number, known.writing_number, known.household, known.contact_change)
    rows = list(session.execute(select(*columns).where(within).with_for_update()))
    values = []
    for number, writing_number, household, contact_change in rows:
        changed = json_columns.CONTACT_CHANGE.load(contact_change)
        phone = ten_digits((changed or json_columns.HOUSEHOLD.load(household)).contact.phone)
        values.append({"of": number, "phone_index": encryption.own(writing_number, phone, "phone") if phone else None})
    _write(session, _APPLICATION, _APPLICATION.c.number, values)
    return len(rows)


def _write(session: Session, table: Any, key: Any, rows: list[dict[str, Any]]) -> None:
    if rows:
        columns: dict[str, Any] = {name: bindparam(name) for name in rows[0] if name != "of"}
        session.connection().execute(update(table).where(key == bindparam("of")).values(columns), rows)
