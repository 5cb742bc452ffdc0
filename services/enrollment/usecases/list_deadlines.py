"""Use case: the open deadlines of all applications, soonest first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from chassis.kernel import Caller, InvalidInput, business_date, get_markets
from services.enrollment.domain.application_list import ListCursor
from services.enrollment.usecases.application_service import ApplicationService
from services.enrollment.usecases.list_applications import MOST_COUNTED
from services.enrollment.usecases.overview_ports import DeadlineSearch, OpenDeadline
from services.enrollment.usecases.visible_writing_numbers import visible_numbers


@dataclass(frozen=True, slots=True)
class DeadlinePage:
    """``following`` None: that was all. ``count`` goes up to MOST_COUNTED; ``capped`` says that there are more."""

    rows: list[OpenDeadline]
    following: ListCursor | None
    count: int
    capped: bool


@dataclass(frozen=True, slots=True)
class ListDeadlines:
    service: ApplicationService

    def __call__(self, caller: Caller, search: DeadlineSearch, after: ListCursor | None, size: int) -> DeadlinePage:
        """Soonest first; from today on where the search has no first day."""
        search = replace(search, first=search.first or self._today())
        if search.first and search.last and search.last < search.first:
            raise InvalidInput.at("due_to", "The last date is before the first date. Choose a later date.")
        numbers = visible_numbers(caller)
        with self.service.transactions() as work:
            found = work.deadlines.page(search, numbers, after, size + 1)
            count = work.deadlines.count(search, numbers, MOST_COUNTED + 1)
        following = _cursor_of(found[size - 1]) if len(found) > size else None
        return DeadlinePage(found[:size], following, min(count, MOST_COUNTED), count > MOST_COUNTED)

    def _today(self) -> date:
        """Where the day began last, so that nobody misses a deadline of today."""
        now = self.service.now()
        return min(business_date(now, state) for state in get_markets().states)


def _cursor_of(found: OpenDeadline) -> ListCursor:
    due = found.deadline
    return ListCursor(f"{due.due_on.isoformat()} {due.kind}", found.identifiers.number)
