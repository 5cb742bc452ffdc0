"""Use case: the reviews of an application."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chassis.kernel import Caller
from services.enrollment.usecases.application_service import ApplicationService
from services.enrollment.usecases.reviews import ReviewView, view_review


@dataclass(frozen=True, slots=True)
class ListReviews:
    """For the application's own producer and delegates, and for services; newest first."""

    service: ApplicationService

    def __call__(self, caller: Caller, record_number: str) -> Sequence[ReviewView]:
        now = self.service.now()
        with self.service.transactions() as work:
            app = self.service.find(work, caller, record_number)
            return [view_review(review, app, now) for review in work.client_reviews.of_application(record_number)]
