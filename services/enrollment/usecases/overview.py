"""Use cases that only read: the lists of applications, and the deadlines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from chassis.kernel import Caller, InvalidInput, business_date, get_markets
from services.enrollment.domain.application_list import LISTS, ApplicationSearch, Place
from services.enrollment.usecases.application_service import ApplicationService
from services.enrollment.usecases.dtos import TimelineEntry
from services.enrollment.usecases.overview_ports import DeadlineSearch, Numbers, OpenDeadline, Summary

# Somebody who looks at a list wants to know whether it is long, not by how much; counting on would cost more than the
# page itself.
MOST_COUNTED = 1_000
# Of a name or its beginning.
SHORTEST_SEARCH = 2


@dataclass(frozen=True, slots=True)
class ApplicationPage:
    """``following`` None: that was all. ``count`` goes up to MOST_COUNTED; ``capped`` says that there are more."""

    rows: list[Summary]
    following: Place | None
    count: int
    capped: bool


@dataclass(frozen=True, slots=True)
class Overview:
    service: ApplicationService

    def applications(
        self, caller: Caller, search: ApplicationSearch, after: Place | None, size: int
    ) -> ApplicationPage:
        """Raises InvalidInput, and NotFound for a writing number of somebody else."""
        _must_be_sound(search)
        numbers = _visible(caller)
        if search.writing_number and numbers is not None:
            caller.writing_number(search.writing_number)
        with self.service.transactions() as work:
            found = work.lists.page(search, numbers, after, size + 1)
            count = work.lists.count(search, numbers, MOST_COUNTED + 1)
        following = found[size - 1][1] if len(found) > size else None
        rows = [summary for summary, _ in found[:size]]
        return ApplicationPage(rows, following, min(count, MOST_COUNTED), count > MOST_COUNTED)

    def deadlines(
        self, caller: Caller, search: DeadlineSearch, after: Place | None, size: int
    ) -> tuple[list[OpenDeadline], Place | None]:
        """Soonest first."""
        if search.last and search.last < search.first:
            raise InvalidInput.at("due_to", "The last day lies before the first one; choose a later day.")
        with self.service.transactions() as work:
            found = work.deadlines.page(search, _visible(caller), after, size + 1)
        return found[:size], _place_of(found[size - 1]) if len(found) > size else None

    def timeline(
        self, caller: Caller, record_number: str, after: Place | None, size: int
    ) -> tuple[list[TimelineEntry], Place | None]:
        """Oldest first."""
        with self.service.transactions() as work:
            self.service.find(work, caller, record_number)
            found = work.applications.timeline(record_number, after.number if after else 0, size + 1)
        return found[:size], Place("", found[size - 1].entry_id) if len(found) > size else None

    def today(self) -> date:
        """Where the day began last, so that nobody misses a deadline of today."""
        now = self.service.now()
        return min(business_date(now, state) for state in get_markets().states)


def _place_of(found: OpenDeadline) -> Place:
    due = found.deadline
    return Place(f"{due.due_on.isoformat()} {due.kind}", found.identifiers.number)


def _must_be_sound(search: ApplicationSearch) -> None:
    if search.list_of not in LISTS:
        raise InvalidInput.at("status", "Choose the incomplete, the submitted or the failed applications.")
    if search.applicant and len(search.applicant.strip()) < SHORTEST_SEARCH:
        raise InvalidInput.at("applicant", f"Type at least {SHORTEST_SEARCH} letters of the name.")
    for field in ("submitted", "created", "effective", "expires"):
        getattr(search, field).must_be_in_order(f"filter.{field}_from")


def _visible(caller: Caller) -> Numbers:
    return None if caller.is_service else caller.numbers
