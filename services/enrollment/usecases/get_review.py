"""Use case: one review of an application, with what was shown when it was signed."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import Caller, NotFound
from services.enrollment.usecases.application_service import ApplicationService
from services.enrollment.usecases.reviews import ReviewView, view_review


@dataclass(frozen=True, slots=True)
class GetReview:
    """For the application's own producer and delegates, and for services."""

    service: ApplicationService

    def __call__(self, caller: Caller, record_number: str, review_id: str) -> ReviewView:
        """Raises NotFound, also for a review of another application."""
        with self.service.transactions() as work:
            app = self.service.find(work, caller, record_number)
            review = work.client_reviews.get(review_id)
            if review is None or review.record_number != record_number:
                raise NotFound("This application has no such review.")
            return view_review(review, app, self.service.now())
