"""Store: clients, known from quotes and applications, and the search for them by blind tokens (docs/adr/0022)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import and_, delete, exists, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session, defer

from chassis.kernel import new_id
from services.enrollment.domain.client import ClientFilter, ClientProfile
from services.enrollment.domain.enums import Relationship, Sex, Status
from services.enrollment.store import json_columns
from services.enrollment.store.birth_date_encryption import open_date, seal_date
from services.enrollment.store.ssn_encryption import SsnEncryption
from services.enrollment.store.tables import ApplicationRow, ClientQuoteRow, PersonRow
from services.enrollment.store.tables import ClientRow as Row
from services.enrollment.usecases.dtos import Client

_DRAFTS = (Status.INCOMPLETE, Status.FAILED, Status.SUBMITTING)
# One look into the index for each; with many more in one query the planner reads the whole table instead.
NUMBERS_AT_ONCE = 50
_NEVER_SENT = (*_DRAFTS, Status.EXPIRED)


class ClientRepository:
    """The port ``usecases.ports.Clients`` over PostgreSQL."""

    def __init__(self, session: Session, encryption: SsnEncryption) -> None:
        self._session = session
        self._encryption = encryption

    def keep(self, profile: ClientProfile, now: datetime) -> tuple[str, bool]:
        client_id = new_id()
        values = client_values(self._encryption, profile, client_id)
        row = (
            upsert(Row)
            .values(values | {"client_id": client_id, "created_at": now, "updated_at": now})
            .on_conflict_do_nothing()
        )
        made = self._session.execute(row.returning(Row.client_id)).scalar_one_or_none()
        if made:
            return made, True
        # of two that come at once the second waits here, and adds to what the first knew
        known = self._session.scalars(self._of(profile).with_for_update()).one_or_none()
        if known is None:  # forgotten between the two statements
            return self.keep(profile, now)
        together = profile_of_row(self._encryption, known).followed_by(profile)
        values = client_values(self._encryption, together, known.client_id)
        self._session.execute(update(Row).where(Row.client_id == known.client_id).values(values | {"updated_at": now}))
        return known.client_id, False

    def quoted(self, client_id: str, quote_id: str, effective_date: date, now: datetime) -> None:
        row = upsert(ClientQuoteRow).values(
            quote_id=quote_id, client_id=client_id, effective_date=effective_date, heard_at=now
        )
        # a quote that was changed since may be somebody else's, and for another date
        changed = {"client_id": row.excluded.client_id, "effective_date": row.excluded.effective_date}
        self._session.execute(row.on_conflict_do_update(index_elements=[ClientQuoteRow.quote_id], set_=changed))

    def drop_ssn(self, profile: ClientProfile) -> None:
        row = self._session.scalars(self._of(profile).with_for_update(skip_locked=True)).one_or_none()
        if row is None or row.ssn_last_four != profile.ssn_last_four:
            return
        own = and_(PersonRow.person_index == row.person_index, PersonRow.relationship == Relationship.SELF)
        query = select(PersonRow.ssn_last_four).join(ApplicationRow).where(own, PersonRow.ssn_last_four != "")
        same_first = (PersonRow.ssn_last_four == profile.ssn_last_four).desc()
        left = self._session.scalar(query.order_by(same_first, ApplicationRow.updated_at.desc()).limit(1))
        changed = replace(profile_of_row(self._encryption, row), ssn_last_four=left or "")
        values = client_values(self._encryption, changed, row.client_id)
        self._session.execute(update(Row).where(Row.client_id == row.client_id).values(values))

    def forget(self, profile: ClientProfile) -> None:
        unknown = and_(
            ~exists().where(PersonRow.person_index == Row.person_index, PersonRow.relationship == Relationship.SELF),
            ~exists().where(ClientQuoteRow.client_id == Row.client_id),
        )
        mine = self._of(profile).with_only_columns(Row.client_id).where(unknown)
        # somebody who is being saved at this moment is left alone, and nobody waits for anybody in a circle
        self._session.execute(delete(Row).where(Row.client_id.in_(mine.with_for_update(skip_locked=True))))

    def get(self, client_id: str) -> Client | None:
        row = self._session.get(Row, client_id)
        return self._client(row, (0, 0), 0) if row else None

    def search(self, wanted: ClientFilter, numbers: Collection[str], limit: int) -> list[Client]:
        """Two statements, however many are found, and one for every NUMBERS_AT_ONCE writing numbers."""
        if not (numbers and wanted.terms):
            return []
        own, rows = sorted(numbers), []
        for first in range(0, len(own), NUMBERS_AT_ONCE):
            rows += self._rows(own[first : first + NUMBERS_AT_ONCE], wanted, limit)
        if len(own) > NUMBERS_AT_ONCE:
            rows = sorted(rows, key=self._by_name)[:limit]
        applications, quotes = self._applications(rows), self._quotes(rows)
        return [
            self._client(row, applications.get(row.person_index, (0, 0)), quotes.get(row.client_id, 0)) for row in rows
        ]

    def _rows(self, numbers: Collection[str], wanted: ClientFilter, limit: int) -> list[Row]:
        own = [
            and_(Row.writing_number == n, Row.tokens.contains(self._encryption.tokens(n, wanted.terms)))
            for n in numbers
        ]
        order = (func.lower(Row.last_name), func.lower(Row.first_name), Row.updated_at.desc())
        query = select(Row).options(defer(Row.tokens)).where(or_(*own)).order_by(*order).limit(limit)
        # of one name the oldest first, which the database cannot tell
        alike = groupby(self._session.scalars(query), key=lambda row: self._by_name(row)[:2])
        return [row for _, rows in alike for row in sorted(rows, key=self._by_name)]

    def _by_name(self, row: Row) -> tuple[str, str, date]:
        return row.last_name.lower(), row.first_name.lower(), _birth_date_of_row(self._encryption, row)

    def _applications(self, rows: Collection[Row]) -> dict[str, tuple[int, int]]:
        """Drafts and submissions of each person."""
        own = PersonRow.person_index.in_([row.person_index for row in rows])
        drafts = func.count().filter(ApplicationRow.status.in_(_DRAFTS))
        sent = func.count().filter(ApplicationRow.status.not_in(_NEVER_SENT))
        query: Any = select(PersonRow.person_index, drafts, sent).join(
            ApplicationRow, ApplicationRow.record_number == PersonRow.record_number
        )
        query = query.where(own, PersonRow.relationship == Relationship.SELF).group_by(PersonRow.person_index)
        return {index: (drafted, submitted) for index, drafted, submitted in self._session.execute(query)}

    def _quotes(self, rows: Collection[Row]) -> dict[str, int]:
        query = select(ClientQuoteRow.client_id, func.count()).group_by(ClientQuoteRow.client_id)
        own = query.where(ClientQuoteRow.client_id.in_([row.client_id for row in rows]))
        return {client_id: int(count) for client_id, count in self._session.execute(own)}

    def _client(self, row: Row, applications: tuple[int, int], quotes: int) -> Client:
        return Client(row.client_id, profile_of_row(self._encryption, row), quotes, *applications)

    def _of(self, profile: ClientProfile) -> Any:
        index = self._encryption.own(profile.writing_number, profile.identity, "person")
        return select(Row).where(Row.writing_number == profile.writing_number, Row.person_index == index)


def client_values(encryption: SsnEncryption, profile: ClientProfile, client_id: str) -> dict[str, Any]:
    """Every column that follows from what is known of the person."""
    number = profile.writing_number
    return {
        "writing_number": number,
        "person_index": encryption.own(number, profile.identity, "person"),
        "first_name": profile.first_name,
        "middle_initial": profile.middle_initial,
        "last_name": profile.last_name,
        "suffix": profile.suffix,
        "one_name_only": profile.one_name_only,
        "date_of_birth": profile.date_of_birth,
        "birth_date_sealed": seal_date(encryption.birth_dates.client, profile.date_of_birth, client_id),
        "sex": profile.sex,
        "home_address": json_columns.ADDRESS.dump(profile.home_address),
        "contact": json_columns.CONTACT.dump(profile.contact),
        "ssn_last_four": profile.ssn_last_four,
        "tokens": encryption.tokens(number, profile.terms),
    }


def _birth_date_of_row(encryption: SsnEncryption, row: Row) -> date:
    born = open_date(encryption.birth_dates.client, row.date_of_birth, row.birth_date_sealed, row.client_id)
    assert born is not None, "a client is known by a birth date"
    return born


def profile_of_row(encryption: SsnEncryption, row: Row) -> ClientProfile:
    return ClientProfile(
        row.writing_number,
        row.first_name,
        row.last_name,
        _birth_date_of_row(encryption, row),
        Sex(row.sex) if row.sex else None,
        json_columns.ADDRESS.load(row.home_address),
        row.middle_initial,
        json_columns.CONTACT.load(row.contact),
        row.ssn_last_four,
        row.suffix,
        row.one_name_only,
    )
