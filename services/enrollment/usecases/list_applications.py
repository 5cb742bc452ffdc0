"""Use case: the lists of applications (R98, R99)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import Caller, InvalidInput
from services.enrollment.domain.application_list import LISTS, ApplicationSearch, ListCursor
from services.enrollment.usecases.application_service import ApplicationService
from services.enrollment.usecases.overview_ports import ListedApplication
from services.enrollment.usecases.visible_writing_numbers import visible_numbers

# Somebody who looks at a list wants to know whether it is long, not by how much; counting on would cost more than the
# page itself.
MOST_COUNTED = 1_000


@dataclass(frozen=True, slots=True)
class ApplicationPage:
    """``following`` None: that was all. ``count`` goes up to MOST_COUNTED; ``capped`` says that there are more."""

    rows: list[ListedApplication]
    following: ListCursor | None
    count: int
    capped: bool


@dataclass(frozen=True, slots=True)
class ListApplications:
    service: ApplicationService

    def __call__(
        self, caller: Caller, search: ApplicationSearch, after: ListCursor | None, size: int
    ) -> ApplicationPage:
        """Raises InvalidInput, and NotFound for a writing number of somebody else."""
        _must_be_valid(search)
        numbers = visible_numbers(caller)
        if search.writing_number and numbers is not None:
            caller.writing_number(search.writing_number)
        with self.service.transactions() as work:
            found = work.lists.page(search, numbers, after, size + 1)
            count = work.lists.count(search, numbers, MOST_COUNTED + 1)
        following = found[size - 1][1] if len(found) > size else None
        rows = [summary for summary, _ in found[:size]]
        return ApplicationPage(rows, following, min(count, MOST_COUNTED), count > MOST_COUNTED)


def _must_be_valid(search: ApplicationSearch) -> None:
    if search.list_of not in LISTS:
        raise InvalidInput.at("status", "Choose the incomplete, the submitted or the failed applications.")
    for field in ("submitted", "created", "effective", "expires"):
        getattr(search, field).must_be_in_order(f"filter.{field}_from")
