"""Use case: close a review link before its time, or note that the client withdrew the consent."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import Caller, NotFound
from services.enrollment.domain.events import ReviewWithdrawn
from services.enrollment.domain.review_consent import ReviewParty
from services.enrollment.usecases.application_service import ApplicationService
from services.enrollment.usecases.reviews import withdraw_consent


@dataclass(frozen=True, slots=True)
class RevokeReview:
    """For the application's own producer and delegates. Of a signed review, the client's word to the producer counts
    as the client's by the link does. The second time changes nothing.
    """

    service: ApplicationService

    def __call__(self, caller: Caller, record_number: str, review_id: str) -> None:
        """Raises NotFound, also for a review of another application."""
        service = self.service.begin()
        with service.transactions() as work:
            app = service.find(work, caller, record_number, for_update=True)
            review = work.client_reviews.get(review_id, lock=True)
            if review is None or review.record_number != record_number:
                raise NotFound("This application has no such review.")
            if review.consent is None:
                if review.revoked_at is None:
                    work.client_reviews.save(review.revoke(service.now()))
                    service.record(work, caller.subject, app, "review.revoked", "The link for the client was closed.")
                return
            withdrawn = withdraw_consent(service, work, review, app, ReviewParty.PRODUCER)
            if withdrawn:
                summary = "The client's consent was withdrawn, as the client told the producer."
                service.record(work, caller.subject, withdrawn, "review.withdrawn", summary)
                number = app.producer.writing_number
                work.publish_event(ReviewWithdrawn(record_number, app.state, number, review_id))
