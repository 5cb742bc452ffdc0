"""Use cases by the clock: expiry (R105), and submissions that got stuck. Both may run twice, or at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from chassis.kernel import business_date
from chassis.kernel.clock import STATE_ZONES
from services.enrollment.domain.events import SubmissionRequested
from services.enrollment.usecases.desk import Desk

# Of one transaction: the next tick takes the rest.
BATCH = 500
# A submission takes well under a second; after this long its event was lost or its retries have become rare.
STUCK_AFTER = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Housekeeping:
    desk: Desk

    def expire(self) -> int:
        """Mark drafts and failed applications whose last day has passed in their state; gives how many."""
        now = self.desk.now()
        days = {state: business_date(now, state) for state in STATE_ZONES}
        with self.desk.transactions() as work:
            expired = work.applications.expire(days, now, BATCH)
            for record_number in expired:
                work.record(now, "enrollment", record_number, "application.expired", "Application expired.")
        return len(expired)

    def ask_again(self) -> int:
        """Request stuck submissions anew, through the outbox; gives how many."""
        now = self.desk.now()
        with self.desk.transactions() as work:
            stuck = work.applications.stuck(now - STUCK_AFTER, BATCH)
            for app in stuck:
                self.desk.save(work, app.changed(now, requested_at=now), read_version=app.version)
                work.publish(SubmissionRequested(app.record_number, app.attempt))
        return len(stuck)
