"""Store: the lists of applications, sorted, filtered and paged by place (docs/reference/query-plans.md)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Date, case, cast, func, literal, select, tuple_
from sqlalchemy.orm import Session

from chassis.kernel import Money, get_markets
from services.enrollment.domain.application_list import ApplicationSearch, Column, DateRange, ListCursor, fold_text
from services.enrollment.domain.enums import Status, Step
from services.enrollment.domain.identifiers import Identifiers
from services.enrollment.store import json_columns
from services.enrollment.store.mapping import PRODUCER_COLUMNS, producer_of
from services.enrollment.store.tables import ApplicationRow as A
from services.enrollment.usecases.overview_ports import ListedApplication, Numbers

_DATES = (A.submitted_on, A.effective_date, A.expires_on, A.created_at, A.updated_at)
_SHOWN = (A.number, A.status, A.applicant_name, A.product_name, A.premium_cents, A.payment_status, A.current_step)
_NEXT = (A.awaits_client, A.failures)
# All that a row of a list needs.
SUMMARY_COLUMNS = (*_SHOWN, *_NEXT, *_DATES, *PRODUCER_COLUMNS)
# Stands before every day that an application can have, so that what has no date comes first, upwards.
_NO_DAY = date(1, 1, 1)


@dataclass(frozen=True, slots=True)
class _Key:
    """What a column sorts by, never NULL; ``read`` gets its value back from a place's text."""

    expression: Any
    read: Callable[[str], Any] = str


def _day(column: Any) -> _Key:
    return _Key(func.coalesce(column, literal(_NO_DAY)), date.fromisoformat)


_KEYS = {
    Column.RECORD_NUMBER: _Key(A.number, int),
    Column.APPLICANT: _Key(A.applicant_key),
    Column.STATE: _Key(A.state),
    Column.SUBMITTED_ON: _day(A.submitted_on),
    Column.EFFECTIVE_DATE: _day(A.effective_date),
    Column.PRODUCT_NAME: _Key(A.product_name),
    Column.MONTHLY_PREMIUM: _Key(func.coalesce(A.premium_cents, -1), int),
    Column.PAYMENT_STATUS: _Key(func.coalesce(A.payment_status, "")),
    Column.PRODUCER_NAME: _Key(A.producer_name),
    Column.WRITING_NUMBER: _Key(A.writing_number),
    Column.CURRENT_STEP: _Key(case({step: place for place, step in enumerate(Step)}, value=A.current_step), int),
    Column.EXPIRES_ON: _day(A.expires_on),
    Column.CREATED_AT: _Key(A.created_at, datetime.fromisoformat),
    Column.UPDATED_AT: _Key(A.updated_at, datetime.fromisoformat),
}


class ApplicationListRepository:
    """The port ``usecases.overview_ports.ApplicationLists`` over PostgreSQL."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def page(
        self, search: ApplicationSearch, numbers: Numbers, after: ListCursor | None, size: int
    ) -> list[tuple[ListedApplication, ListCursor]]:
        rows = self._session.execute(page_query(search, numbers, after, size))
        return [(listed_application(row), _cursor(row)) for row in rows]

    def count(self, search: ApplicationSearch, numbers: Numbers, most: int) -> int:
        found = select(literal(1)).select_from(A).where(*_conditions(search, numbers)).limit(most).subquery()
        return int(self._session.execute(select(func.count()).select_from(found)).scalar_one())


def page_query(search: ApplicationSearch, numbers: Numbers, after: ListCursor | None, size: int) -> Any:
    """Finds the places of the page in the index alone, then reads the rows of that page.

    MATERIALIZED, since the planner would rather walk all applications in the order that is wanted, until it has met
    enough of this producer's. The page before a place is read the other way round, from that place on.
    """
    key = _KEYS[search.by]
    downwards = search.descending is not bool(after and after.backwards)
    mine: Any = select(A.number.label("number"), key.expression.label("sorted_by")).where(*_conditions(search, numbers))
    mine = mine.cte("mine").prefix_with("MATERIALIZED")
    page: Any = select(mine.c.number, mine.c.sorted_by)
    if after:
        last = tuple_(literal(after.read_value(key.read)), literal(after.number))
        place = tuple_(mine.c.sorted_by, mine.c.number)
        page = page.where(place < last if downwards else place > last)
    page = page.order_by(*_order(mine, downwards)).limit(size).subquery("page")
    shown = select(*SUMMARY_COLUMNS, page.c.sorted_by).join(page, page.c.number == A.number)
    return shown.order_by(*_order(page, downwards))


def _order(rows: Any, downwards: bool) -> list[Any]:
    order = [rows.c.sorted_by, rows.c.number]
    return [one.desc() for one in order] if downwards else order


def _conditions(search: ApplicationSearch, numbers: Numbers) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [A.status.in_(search.statuses)]
    if search.writing_number:
        found.append(A.writing_number == search.writing_number)
    elif numbers is not None:
        found.append(A.writing_number.in_(numbers))
    equal = ("state", "record_number", "payment_status", "current_step")
    found += [getattr(A, name) == value for name in equal if (value := getattr(search, name))]
    if search.client_app_id:
        found.append(A.number == search.client_app_id - Identifiers(0).client_app_id)
    name: Any = " " + A.applicant_key
    found += [name.contains(f" {word}", autoescape=True) for word in fold_text(search.applicant).split()]
    for column, days in ((A.submitted_on, search.submitted), (A.effective_date, search.effective)):
        found += _within(column, days)
    return [*found, *_within(A.expires_on, search.expires), *_within(_created_on(), search.created)]


def _within(column: Any, days: DateRange) -> list[ColumnElement[bool]]:
    first = [column >= days.first] if days.first else []
    return [*first, column <= days.last] if days.last else first


def _created_on() -> Any:
    """The business date in the application's state."""
    zones = case({state: one.zone.key for state, one in get_markets().by_state.items()}, value=A.state)
    return cast(func.timezone(zones, A.created_at), Date)


def _cursor(row: Any) -> ListCursor:
    value = row.sorted_by
    return ListCursor(value.isoformat() if isinstance(value, date) else str(value), row.number)


def listed_application(row: Any) -> ListedApplication:
    """From a row of SUMMARY_COLUMNS."""
    identifiers = Identifiers(row.number)
    return ListedApplication(
        record_number=identifiers.record_number,
        client_app_id=identifiers.client_app_id,
        status=Status(row.status),
        applicant_name=row.applicant_name,
        submitted_on=row.submitted_on,
        effective_date=row.effective_date,
        product_name=row.product_name,
        monthly_premium=None if row.premium_cents is None else Money(row.premium_cents),
        payment_status=row.payment_status or "",
        producer=producer_of(row),
        current_step=Step(row.current_step),
        expires_on=row.expires_on,
        created_at=row.created_at,
        updated_at=row.updated_at,
        next_step=_next_step(row),
    )


def _next_step(row: Any) -> Step | None:
    if row.status not in (Status.INCOMPLETE, Status.FAILED):
        return None
    failures = json_columns.FAILURES.load(row.failures) if row.status == Status.FAILED else ()
    if named := [one.step for one in failures if one.step]:
        return named[0]
    return None if row.awaits_client else Step(row.current_step)
