"""Store: figures by state and month, counted in the indexes that hold what they are made of."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Date, and_, case, cast, func, select
from sqlalchemy.orm import Session

from chassis.kernel import Money, get_markets
from services.enrollment.domain.enums import Status
from services.enrollment.store.tables import ApplicationRow as A
from services.enrollment.usecases.book_ports import EnrollmentFigures, ReportSearch


def find_figures(session: Session, search: ReportSearch, numbers: Collection[str]) -> list[EnrollmentFigures]:
    """Three statements: what was started, what was submitted, and how long it took from the quote."""
    started = _by_place(session, _started_query(search, numbers))
    submitted = _by_place(session, _submitted_query(search, numbers))
    waited = _by_place(session, _waiting_query(search, numbers))
    places = sorted({*started, *submitted}, key=lambda place: place[::-1])
    return [
        EnrollmentFigures(
            state=state,
            month=month,
            started=started[state, month].count if (state, month) in started else 0,
            submitted=sent.count if (sent := submitted.get((state, month))) else 0,
            submitted_from_quotes=took.count if (took := waited.get((state, month))) else 0,
            monthly_premium=Money(int(sent.premium or 0)) if sent else Money(0),
            median_days_from_quote=round(took.days) if took and took.days is not None else None,
        )
        for state, month in places
    ]


def _started_query(search: ReportSearch, numbers: Collection[str]) -> Any:
    return _figures(_local_day(A.created_at), search, numbers, func.count().label("count"))


def _submitted_query(search: ReportSearch, numbers: Collection[str]) -> Any:
    counted = (func.count().label("count"), func.sum(A.premium_cents).label("premium"))
    return _figures(A.submitted_on, search, numbers, *counted).where(A.status == Status.SUBMITTED)


def _waiting_query(search: ReportSearch, numbers: Collection[str]) -> Any:
    """Of those that began as a quote: how many, and the median of the days since the quote was made."""
    days = A.submitted_on - _local_day(A.quoted_at)
    median = func.percentile_cont(0.5).within_group(days).label("days")
    query = _figures(A.submitted_on, search, numbers, func.count().label("count"), median)
    return query.where(A.status == Status.SUBMITTED, A.quote_id != "")


def _figures(day: Any, search: ReportSearch, numbers: Collection[str], *counted: Any) -> Any:
    month = func.to_char(day, "YYYY-MM").label("month")
    query: Any = select(A.state, month, *counted).where(
        and_(A.writing_number.in_(numbers), day >= search.first, day <= search.last)
    )
    if search.state:
        query = query.where(A.state == search.state)
    return query.group_by(A.state, month)


def _local_day(at: Any) -> Any:
    """The business date in the application's state."""
    zones = case({state: one.zone.key for state, one in get_markets().by_state.items()}, value=A.state)
    return cast(func.timezone(zones, at), Date)


def _by_place(session: Session, query: Any) -> dict[tuple[str, str], Any]:
    return {(row.state, row.month): row for row in session.execute(query)}
