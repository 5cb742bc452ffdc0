"""Use case: request submissions without outcome again, by the clock. May run twice, or at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from services.enrollment.domain.application import Application
from services.enrollment.domain.events import SubmissionRequested
from services.enrollment.usecases.application_service import ApplicationService
from services.enrollment.usecases.ports import EnrollmentUnitOfWork
from services.enrollment.usecases.submission_parts import GIVEN_UP, conclude_submission

# Of one transaction, so that its locks are short: the next tick takes the rest.
BATCH = 100
# A submission takes well under a second once a worker has it; without outcome its event was lost or a service is away.
# Each wait doubles, so that a service which comes back is not flooded; after the last one, a quarter of an hour in all,
# it has failed.
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 4, 8))


@dataclass(frozen=True, slots=True)
class RetryStuckSubmissions:
    """Whoever waits in a long queue is not stuck: asking again would lengthen it, and giving up would fail what only
    waits for its turn.
    """

    service: ApplicationService
    # Requests that no worker has handled yet; a queue keeps their order, so that they are the newest.
    count_queued: Callable[[], int]

    def __call__(self) -> int:
        """Request stuck submissions again, through the outbox, or give them up; gives how many were looked at."""
        service = self.service.begin()
        now = service.now()
        changed_before = [now - wait for wait in WAITS]
        with service.transactions() as work:
            if not work.applications.stuck(changed_before, 0, 1):
                return 0
        queued = self.count_queued()
        with service.transactions() as work:
            stuck = work.applications.stuck(changed_before, queued, BATCH)
            for app in filter(service.has_rules, stuck):  # whatever waits for another release holds up nobody else
                if app.asked_again < len(WAITS) - 1:
                    service.save(work, app.requested_again(now), read_version=app.version)
                    work.publish_event(SubmissionRequested(app.record_number, app.attempt))
                else:
                    _give_up(service, work, app)
        return len(stuck)


def _give_up(service: ApplicationService, work: EnrollmentUnitOfWork, app: Application) -> None:
    days = service.circumstances(app).pack.expiry_days
    conclude_submission(service, work, app, app.failed(service.now(), [GIVEN_UP], app.plan_lines, days))
