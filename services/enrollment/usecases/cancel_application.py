"""Use case: cancel a submitted application before its effective date."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import Caller, Command, run_once
from services.enrollment.domain.cancellation import CancelParty, CancelReason
from services.enrollment.domain.events import ApplicationCancelled
from services.enrollment.usecases.application_service import ApplicationService, ApplicationView
from services.enrollment.usecases.ports import EnrollmentUnitOfWork
from services.enrollment.usecases.read_payment import ReadPayment


@dataclass(frozen=True, slots=True)
class CancelApplication:
    """One cancellation and one event, however many ask at once. The documents stay; payment is told it by the event."""

    service: ApplicationService
    read_payment: ReadPayment

    def __call__(
        self, command: Command, record_number: str, reason: CancelReason, asked_by: CancelParty
    ) -> ApplicationView:
        """Raises Conflict unless it is submitted and its coverage has not begun."""
        service = self.service.begin()
        with service.transactions() as work:
            run_once(
                work, command, lambda: self._cancel(service, work, command.caller, record_number, reason, asked_by)
            )
            view = service.view(service.find(work, command.caller, record_number))
        return self.read_payment.add_to(view)

    @staticmethod
    def _cancel(
        service: ApplicationService,
        work: EnrollmentUnitOfWork,
        caller: Caller,
        record_number: str,
        reason: CancelReason,
        asked_by: CancelParty,
    ) -> str:
        app = service.find(work, caller, record_number, for_update=True)
        cancelled = app.cancelled(service.now(), reason, asked_by)
        service.save(work, cancelled, read_version=app.version)
        work.publish_event(ApplicationCancelled(cancelled))
        summary = f"Application cancelled at the {asked_by}'s request: {reason.replace('_', ' ')}."
        service.record(work, caller.subject, cancelled, "application.cancelled", summary)
        return record_number
