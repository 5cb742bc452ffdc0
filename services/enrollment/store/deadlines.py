"""Store: the deadlines of all applications, one row each, in the order in which a producer looks at them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, ForeignKey, Index, func, literal, select, text, tuple_
from sqlalchemy.orm import Mapped, Session, mapped_column

from chassis.db.batching import deferred
from services.enrollment.domain.application_list import ListCursor
from services.enrollment.domain.deadlines import Deadline, DeadlineKind
from services.enrollment.domain.enums import Status
from services.enrollment.domain.identifiers import Identifiers
from services.enrollment.store.mapping import PRODUCER_COLUMNS, producer_of
from services.enrollment.store.tables import ApplicationRow as A
from services.enrollment.store.tables import Base
from services.enrollment.usecases.overview_ports import DeadlineSearch, Numbers, OpenDeadline


class DeadlineRow(Base):
    """Rows follow each save of their application; one that ended has none."""

    __tablename__ = "deadline"
    __table_args__ = (Index("deadline_radar", "writing_number", "due_on", "number", "kind"),)

    record_number: Mapped[str] = mapped_column(
        ForeignKey("application.record_number", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger)
    writing_number: Mapped[str]
    due_on: Mapped[date]


D = DeadlineRow
# One statement, whatever ended, began or moved.
_PUT = deferred(
    text("""
with ended as (delete from deadline where record_number = :record_number and kind <> all(cast(:kinds as text[])))
insert into deadline (record_number, kind, number, writing_number, due_on)
select :record_number, kind, :number, :writing_number, due_on
from unnest(cast(:kinds as text[]), cast(:days as date[])) as due (kind, due_on)
on conflict (record_number, kind) do update set due_on = excluded.due_on where deadline.due_on <> excluded.due_on
""")
)
_SHOWN = (A.status, A.applicant_name, *PRODUCER_COLUMNS)
# All that an open deadline needs.
OPEN_DEADLINE_COLUMNS = (D.kind, D.due_on, D.number, *_SHOWN)


class DeadlineRepository:
    """The port ``usecases.overview_ports.Deadlines`` over PostgreSQL."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def put(self, number: int, writing_number: str, deadlines: Sequence[Deadline]) -> None:
        due = {"kinds": [one.kind.value for one in deadlines], "days": [one.due_on for one in deadlines]}
        whose = {"record_number": _record(number), "number": number, "writing_number": writing_number}
        self._session.execute(_PUT, due | whose)

    def page(self, search: DeadlineSearch, numbers: Numbers, after: ListCursor | None, size: int) -> list[OpenDeadline]:
        return [open_deadline(row) for row in self._session.execute(deadline_query(search, numbers, after, size))]

    def count(self, search: DeadlineSearch, numbers: Numbers, most: int) -> int:
        found = select(literal(1)).select_from(D).where(*_conditions(search, numbers)).limit(most).subquery()
        return int(self._session.execute(select(func.count()).select_from(found)).scalar_one())


def deadline_query(search: DeadlineSearch, numbers: Numbers, after: ListCursor | None, size: int) -> Any:
    """Finds the page in the index alone, then reads the applications of that page.

    MATERIALIZED, since for several writing numbers the planner would rather look at every application.
    """
    due: Any = select(D.kind, D.due_on, D.number).where(*_conditions(search, numbers))
    if after:
        day, kind = after.read_value(_day_and_kind)
        last = tuple_(literal(day), literal(after.number), literal(kind))
        due = due.where(tuple_(D.due_on, D.number, D.kind) > last)
    due = due.order_by(D.due_on, D.number, D.kind).limit(size).cte("due").prefix_with("MATERIALIZED")
    query = select(due.c.kind, due.c.due_on, due.c.number, *_SHOWN).join(A, A.number == due.c.number)
    return query.order_by(due.c.due_on, due.c.number, due.c.kind)


def _conditions(search: DeadlineSearch, numbers: Numbers) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if search.first:
        found.append(D.due_on >= search.first)
    if search.last:
        found.append(D.due_on <= search.last)
    if search.kinds:
        found.append(D.kind.in_(search.kinds))
    if numbers is not None:
        found.append(D.writing_number.in_(numbers))
    return found


def _day_and_kind(value: str) -> tuple[date, str]:
    day, kind = value.split(" ")
    return date.fromisoformat(day), kind


def _record(number: int) -> str:
    return Identifiers(number).record_number


def open_deadline(row: Any) -> OpenDeadline:
    """From a row of OPEN_DEADLINE_COLUMNS."""
    return OpenDeadline(
        deadline=Deadline(DeadlineKind(row.kind), row.due_on),
        identifiers=Identifiers(row.number),
        status=Status(row.status),
        applicant_name=row.applicant_name,
        producer=producer_of(row),
    )
