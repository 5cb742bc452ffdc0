"""Use case: expiry of drafts and failed applications, by the clock (R105). May run twice, or at once."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import business_date, get_markets
from services.enrollment.usecases.application_service import ApplicationService

# Of one transaction: the next tick takes the rest.
BATCH = 500


@dataclass(frozen=True, slots=True)
class ExpireApplications:
    service: ApplicationService

    def __call__(self) -> int:
        """Mark drafts and failed applications whose last day has passed in their state; gives how many."""
        now = self.service.now()
        days = {state: business_date(now, state) for state in get_markets().states}
        with self.service.transactions() as work:
            expired = work.applications.expire(days, now, BATCH)
            for one in expired:
                said = "application.expired", "Application expired."
                work.record_audit(now, "enrollment", one.record_number, *said, one.writing_number)
                work.publish_event(one)
        return len(expired)
