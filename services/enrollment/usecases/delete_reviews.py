"""Use case: drops reviews by link once their ten years are over (45 CFR 155.220(j)(2)). May run twice, or at once."""

from __future__ import annotations

from dataclasses import dataclass

from services.enrollment.domain.review_consent import retention_start
from services.enrollment.usecases.application_service import SERVICE, ApplicationService

# Of one transaction: the next tick takes the rest.
BATCH = 500


@dataclass(frozen=True, slots=True)
class DeleteReviews:
    service: ApplicationService

    def __call__(self) -> int:
        """Gives how many; the timeline keeps that there was one."""
        now = self.service.now()
        with self.service.transactions() as work:
            pruned = work.client_reviews.delete_untouched_since(retention_start(now), BATCH)
            for review in pruned:
                number, summary = review.writing_number, "Record of a client review deleted after ten years."
                work.record_audit(now, SERVICE, review.record_number, "review.deleted", summary, number)
        return len(pruned)
