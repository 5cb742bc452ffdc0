"""Use case: the client takes the consent back."""

from __future__ import annotations

from dataclasses import dataclass

from services.enrollment.domain.events import ReviewWithdrawn
from services.enrollment.domain.review_consent import ReviewParty
from services.enrollment.domain.review_links import ReviewLinks
from services.enrollment.usecases.application_service import ApplicationService
from services.enrollment.usecases.reviews import CLIENT, LinkCredentials, find_opened_review, withdraw_consent


@dataclass(frozen=True, slots=True)
class WithdrawReview:
    """Publishes ReviewWithdrawn. A submitted application stays submitted; the second time changes nothing."""

    service: ApplicationService
    links: ReviewLinks

    def __call__(self, credentials: LinkCredentials) -> None:
        """Raises Conflict when the application was not signed by this link."""
        service = self.service.begin()
        with service.transactions() as work:
            review, app = find_opened_review(service, work, self.links, credentials, for_update=True)
            withdrawn = withdraw_consent(service, work, review, app, ReviewParty.CLIENT)
            if withdrawn:
                service.record(work, CLIENT, withdrawn, "review.withdrawn", "The client withdrew the consent.")
                number = app.producer.writing_number
                work.publish_event(ReviewWithdrawn(app.record_number, app.state, number, review.review_id))
