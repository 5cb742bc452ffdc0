"""Store: equal people, found by blind indexes within one writing number. A constant number of statements each."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, cast, func, literal, or_, select, union_all
from sqlalchemy.dialects.postgresql import JSONPATH
from sqlalchemy.orm import Session, aliased

from services.enrollment.domain.application import Application
from services.enrollment.domain.client import ClientProfile
from services.enrollment.domain.duplicate_enrollment_check import DuplicateEnrollment
from services.enrollment.domain.duplicates import SENT, Duplicate, DuplicateMatch
from services.enrollment.domain.enums import Coverage, Status
from services.enrollment.store.ssn_encryption import SsnEncryption
from services.enrollment.store.tables import ApplicationRow as A
from services.enrollment.store.tables import ClientQuoteRow as Q
from services.enrollment.store.tables import ClientRow, PersonRow

# More would not be read; anyone who has as many has another question.
MOST = 20
# What is over is no duplicate.
_OVER = (Status.EXPIRED, Status.CANCELLED)
_ORDER = list(DuplicateMatch)
# Named once, so that the statements are compiled once.
_MINE, _MY = aliased(PersonRow), aliased(A)


class DuplicateRepository:
    """The port ``usecases.ports.Duplicates`` over PostgreSQL."""

    def __init__(self, session: Session, encryption: SsnEncryption) -> None:
        self._session = session
        self._encryption = encryption

    def at_start(self, writing_number: str, profile: ClientProfile | None, quote_id: str) -> list[Duplicate]:
        index = self._encryption.own(writing_number, profile.identity, "person") if profile else ""
        for key in filter(None, (quote_id, index)):
            self._lock(key)
        found = []
        if quote_id:
            draft = and_(A.quote_id == quote_id, A.status == Status.INCOMPLETE)
            found.append(select(A.record_number, literal(DuplicateMatch.SAME_QUOTE.value).label("match")).where(draft))
        if index:
            found.append(_people(DuplicateMatch.SAME_NAME_AND_BIRTH_DATE, PersonRow.person_index == index))
        return self._applications(found, writing_number) if found else []

    def of(self, app: Application) -> list[Duplicate]:
        own = select(_MINE).where(_MINE.record_number == app.record_number)
        ssn = own.with_only_columns(_MINE.ssn_index).where(_MINE.ssn_index.is_not(None))
        identities = own.with_only_columns(_MINE.person_index).where(_MINE.person_index.is_not(None))
        found = [
            _people(DuplicateMatch.SAME_SSN, PersonRow.ssn_index.in_(ssn)),
            _people(DuplicateMatch.SAME_NAME_AND_BIRTH_DATE, PersonRow.person_index.in_(identities)),
            _phones(app.record_number),
        ]
        number = app.producer.writing_number
        applications = self._applications(found, number, but=app.record_number)
        return [*applications, *self._quotes(number, identities, but=app.quote_id)]

    def sent(self, app: Application, *, lock: bool = False) -> list[DuplicateEnrollment]:
        if app.effective_date is None or not app.plan_lines:
            return []
        own = select(PersonRow.person_id, PersonRow.ssn_index).where(
            PersonRow.record_number == app.record_number, PersonRow.ssn_index.is_not(None)
        )
        mine = {row.ssn_index: row.person_id for row in self._session.execute(own)}
        if not mine:
            return []
        if lock:
            for index in sorted(mine):
                self._lock(app.producer.writing_number + index)
        rows = self._session.execute(_sent_with(app, list(mine)))
        return [DuplicateEnrollment(mine[row.ssn_index], row.record_number) for row in rows]

    def _applications(self, matching: list[Any], writing_number: str, but: str = "") -> list[Duplicate]:
        matches = union_all(*matching).subquery()
        shown = (A.record_number, A.quote_id, A.status, A.effective_date, A.applicant_name, A.updated_at)
        query = (
            select(*shown, func.array_agg(matches.c.match.distinct()))
            .join(matches, matches.c.record_number == A.record_number)
            .where(A.writing_number == writing_number, A.record_number != but, A.status.not_in(_OVER))
            .group_by(A.record_number)
            .order_by(A.number.desc())
        )
        found = [_duplicate(row) for row in self._session.execute(query.limit(MOST))]
        return sorted(found, key=lambda one: (_ORDER.index(one.matches[0]), -len(one.matches)))

    def _quotes(self, writing_number: str, identities: Any, but: str) -> list[Duplicate]:
        query = (
            select(Q.quote_id, Q.effective_date, Q.heard_at)
            .join(ClientRow, ClientRow.client_id == Q.client_id)
            .where(ClientRow.writing_number == writing_number, ClientRow.person_index.in_(identities))
            .where(Q.quote_id != but)
            .order_by(Q.heard_at.desc(), Q.quote_id)
        )
        same = (DuplicateMatch.SAME_NAME_AND_BIRTH_DATE,)
        return [
            Duplicate(same, quote_id=quote_id, effective_date=day, updated_at=heard)
            for quote_id, day, heard in self._session.execute(query.limit(MOST))
        ]

    def _lock(self, key: str) -> None:
        """Another transaction that asks for the same comes after the end of this transaction, and sees what it did."""
        self._session.execute(select(func.pg_advisory_xact_lock(func.hashtext(key))))


def _people(match: DuplicateMatch, same: ColumnElement[bool]) -> Any:
    return select(PersonRow.record_number, literal(match.value).label("match")).where(same)


def _phones(record_number: str) -> Any:
    phone = select(_MY.phone_index).where(_MY.record_number == record_number).scalar_subquery()
    return select(A.record_number, literal(DuplicateMatch.SAME_PHONE.value).label("match")).where(
        A.phone_index == phone
    )


def _sent_with(app: Application, indexes: list[str]) -> Any:
    """Sent applications of the year with one of these numbers, and with a coverage that this one has too."""
    assert app.effective_date
    coverages = {line.coverage for line in app.plan_lines}
    return (
        select(PersonRow.ssn_index, A.record_number)
        .join(A, A.record_number == PersonRow.record_number)
        .where(PersonRow.ssn_index.in_(indexes), A.record_number != app.record_number)
        .where(A.writing_number == app.producer.writing_number, A.status.in_(SENT))
        .where(func.extract("year", A.effective_date) == app.effective_date.year)
        .where(or_(*(_covers_on(app.effective_date, coverage) for coverage in sorted(coverages))))
        .order_by(A.number)
    )


def _covers_on(day: date, coverage: Coverage) -> ColumnElement[bool]:
    """What was terminated with an earlier last day covers nobody twice. Days as ISO text compare like days."""
    ended = func.jsonb_path_exists(
        A.terminations,
        cast("$[*] ? (@.coverage == $coverage && @.last_day < $day)", JSONPATH),
        func.jsonb_build_object("coverage", coverage.value, "day", day.isoformat()),
    )
    return and_(A.plan_lines.contains([{"coverage": coverage.value}]), ~ended)


def _duplicate(row: Any) -> Duplicate:
    record_number, quote_id, status, effective_date, applicant_name, updated_at, matches = row
    found = tuple(sorted(map(DuplicateMatch, matches), key=_ORDER.index))
    return Duplicate(found, record_number, quote_id, Status(status), effective_date, applicant_name, updated_at)
