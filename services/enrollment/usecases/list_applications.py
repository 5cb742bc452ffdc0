"""Use case: the lists of applications (R98, R99)."""

from __future__ import annotations

from dataclasses import dataclass, replace

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
    """``following`` None: that was all; ``previous`` None: this is the first page.

    ``count`` goes up to MOST_COUNTED; ``capped`` says that there are more.
    """

    rows: list[ListedApplication]
    previous: ListCursor | None
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
        rows, previous, following = _turn(found, after, size)
        return ApplicationPage(rows, previous, following, min(count, MOST_COUNTED), count > MOST_COUNTED)


def _turn(
    found: list[tuple[ListedApplication, ListCursor]], after: ListCursor | None, size: int
) -> tuple[list[ListedApplication], ListCursor | None, ListCursor | None]:
    """The page's rows in the order of the list, and the cursors before and behind it; one row too many was asked."""
    more, backwards = len(found) > size, bool(after and after.backwards)
    shown = found[:size][::-1] if backwards else found[:size]
    if not shown:
        return [], None, None
    # whoever turned back came from a page that follows, and whoever turned on from one that is before
    has_previous, has_following = (more, True) if backwards else (after is not None, more)
    first, last = replace(shown[0][1], backwards=True), shown[-1][1]
    rows = [summary for summary, _ in shown]
    return rows, first if has_previous else None, last if has_following else None


def _must_be_valid(search: ApplicationSearch) -> None:
    if search.list_of not in LISTS:
        raise InvalidInput.at("status", "Choose the incomplete, the submitted, the failed or the expired applications.")
    for field in ("submitted", "created", "effective", "expires"):
        getattr(search, field).must_be_in_order(f"filter.{field}_from")
