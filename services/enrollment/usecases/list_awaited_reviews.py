"""Use case: the reviews by link that wait for a client."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chassis.kernel import Caller
from services.enrollment.usecases.application_service import ApplicationService
from services.enrollment.usecases.book_ports import AwaitedReview
from services.enrollment.usecases.list_applications import MOST_COUNTED
from services.enrollment.usecases.visible_writing_numbers import visible_numbers

MOST_REVIEWS = 50


@dataclass(frozen=True, slots=True)
class AwaitedReviews:
    """``count`` goes up to MOST_COUNTED; ``capped`` says that there are more."""

    reviews: Sequence[AwaitedReview]
    count: int
    capped: bool


@dataclass(frozen=True, slots=True)
class ListAwaitedReviews:
    service: ApplicationService

    def __call__(self, caller: Caller, size: int) -> AwaitedReviews:
        """Those that end soonest first; ``size`` 0: MOST_REVIEWS."""
        numbers, now = visible_numbers(caller), self.service.now()
        with self.service.transactions() as work:
            found = work.book.awaited_reviews(numbers, now, size or MOST_REVIEWS)
            count = work.book.count_awaited_reviews(numbers, now, MOST_COUNTED + 1)
        return AwaitedReviews(found, min(count, MOST_COUNTED), count > MOST_COUNTED)
