"""Store: what the pages around a producer's book of business show, read in a few statements each."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, literal, select
from sqlalchemy.orm import Session

from services.enrollment.domain.client_review import MOST_WRONG_PROOFS
from services.enrollment.domain.enums import Relationship, Status
from services.enrollment.store.application_lists import SUMMARY_COLUMNS, listed_application
from services.enrollment.store.deadlines import OPEN_DEADLINE_COLUMNS, DeadlineRow, open_deadline
from services.enrollment.store.report import find_figures
from services.enrollment.store.tables import ApplicationRow as A
from services.enrollment.store.tables import ClientQuoteRow, ClientRow, PersonRow
from services.enrollment.store.tables import ClientReviewRow as R
from services.enrollment.usecases.book_ports import Applicant, AwaitedReview, EnrollmentFigures, ReportSearch
from services.enrollment.usecases.overview_ports import ListedApplication, Numbers, OpenDeadline


class BookRepository:
    """The port ``usecases.book_ports.Book`` over PostgreSQL."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def applications_of_client(self, client_id: str, limit: int) -> list[ListedApplication]:
        person = select(ClientRow.person_index).where(ClientRow.client_id == client_id).scalar_subquery()
        own = PersonRow.person_index == person, PersonRow.relationship == Relationship.SELF
        query: Any = select(*SUMMARY_COLUMNS).join(PersonRow, PersonRow.record_number == A.record_number).where(*own)
        rows = self._session.execute(query.order_by(A.number.desc()).limit(limit))
        return [listed_application(row) for row in rows]

    def quotes_of_client(self, client_id: str, limit: int) -> list[str]:
        query = select(ClientQuoteRow.quote_id).where(ClientQuoteRow.client_id == client_id)
        return list(self._session.scalars(query.order_by(ClientQuoteRow.heard_at.desc()).limit(limit)))

    def deadlines_of(self, record_numbers: Collection[str]) -> list[OpenDeadline]:
        query: Any = select(*OPEN_DEADLINE_COLUMNS).join(A, A.number == DeadlineRow.number)
        query = query.where(DeadlineRow.record_number.in_(record_numbers))
        rows = self._session.execute(query.order_by(DeadlineRow.due_on, DeadlineRow.number, DeadlineRow.kind))
        return [open_deadline(row) for row in rows]

    def applicants(self, record_numbers: Collection[str], numbers: Numbers) -> list[Applicant]:
        query = select(A.record_number, A.applicant_name).where(A.record_number.in_(record_numbers))
        if numbers is not None:
            query = query.where(A.writing_number.in_(numbers))
        return [Applicant(*row) for row in self._session.execute(query.order_by(A.number))]

    def awaited_reviews(self, numbers: Numbers, now: datetime, size: int) -> Sequence[AwaitedReview]:
        columns = (A.record_number, A.applicant_name, A.state, R.sent_at, R.expires_at, R.opened_at)
        query: Any = select(*columns).join(A, A.record_number == R.record_number)
        query = query.where(*_awaited(numbers, now)).order_by(R.expires_at, R.review_id).limit(size)
        return [_awaited_review(row) for row in self._session.execute(query)]

    def count_awaited_reviews(self, numbers: Numbers, now: datetime, most: int) -> int:
        found = select(literal(1)).select_from(R).join(A, A.record_number == R.record_number)
        found = found.where(*_awaited(numbers, now)).limit(most)
        return int(self._session.execute(select(func.count()).select_from(found.subquery())).scalar_one())

    def figures(self, search: ReportSearch, numbers: Collection[str]) -> list[EnrollmentFigures]:
        return find_figures(self._session, search, numbers)


def _awaited(numbers: Numbers, now: datetime) -> list[ColumnElement[bool]]:
    # nobody waits for the review of what was sent or taken back, nor by a link that too many wrong answers closed
    found = [R.answered_at.is_(None), R.revoked_at.is_(None), R.expires_at > now, R.wrong_proofs < MOST_WRONG_PROOFS]
    found.append(A.status.in_([Status.INCOMPLETE, Status.FAILED]))
    return found if numbers is None else [*found, R.writing_number.in_(numbers)]


def _awaited_review(row: Any) -> AwaitedReview:
    return AwaitedReview(
        record_number=row.record_number,
        applicant_name=row.applicant_name,
        state=row.state,
        sent_at=row.sent_at,
        expires_at=row.expires_at,
        opened=row.opened_at is not None,
    )
