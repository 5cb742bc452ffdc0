"""Use case: the client sends the application back with what is wrong."""

from __future__ import annotations

from dataclasses import dataclass

from services.enrollment.domain.events import ReviewReturned
from services.enrollment.domain.review_links import ReviewLinks
from services.enrollment.usecases.application_service import ApplicationService
from services.enrollment.usecases.reviews import CLIENT, LinkCredentials, find_opened_review


@dataclass(frozen=True, slots=True)
class ReturnReview:
    """Publishes ReviewReturned; what was written is in no event and no timeline."""

    service: ApplicationService
    links: ReviewLinks

    def __call__(self, credentials: LinkCredentials) -> None:
        """Raises Conflict without a remark, once it was answered, and when it can no longer be submitted."""
        service = self.service.begin()
        with service.transactions() as work:
            review, app = find_opened_review(service, work, self.links, credentials, for_update=True)
            returned = review.return_with_remarks(service.now())
            app.must_be_open(app.today(service.now()))
            work.client_reviews.save(returned)
            count = len(returned.remarks)
            summary = f"The client marked {count} {'part' if count == 1 else 'parts'} of the application as wrong."
            service.record(work, CLIENT, app, "review.returned", summary)
            number = app.producer.writing_number
            work.publish_event(ReviewReturned(app.record_number, app.state, number, review.review_id))
