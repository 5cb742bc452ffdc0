"""Use case: end coverage that has begun, under one plan or all of them."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import Caller, Command, format_date, run_once
from services.enrollment.domain.events import CoverageTerminated
from services.enrollment.domain.termination import TerminationReason, TerminationRequest
from services.enrollment.usecases.application_service import ApplicationService, ApplicationView
from services.enrollment.usecases.ports import EnrollmentUnitOfWork
from services.enrollment.usecases.read_payment import ReadPayment


@dataclass(frozen=True, slots=True)
class TerminateCoverage:
    """One termination and one event for each plan, however many ask at once. The application stays submitted."""

    service: ApplicationService
    read_payment: ReadPayment

    def __call__(self, command: Command, record_number: str, wanted: TerminationRequest) -> ApplicationView:
        """Raises Conflict unless it is submitted, and its coverage has begun and has no end yet."""
        service = self.service.begin()
        with service.transactions() as work:
            run_once(work, command, lambda: self._terminate(service, work, command.caller, record_number, wanted))
            view = service.view(service.find(work, command.caller, record_number))
        return self.read_payment.add_to(view)

    @staticmethod
    def _terminate(
        service: ApplicationService,
        work: EnrollmentUnitOfWork,
        caller: Caller,
        record_number: str,
        wanted: TerminationRequest,
    ) -> str:
        app = service.find(work, caller, record_number, for_update=True)
        ended = app.terminated(service.now(), wanted)
        service.save(work, ended, read_version=app.version)
        added = ended.terminations[len(app.terminations) :]
        for one in added:
            work.publish_event(CoverageTerminated(ended, one))
        coverages = " and ".join(one.coverage for one in added).capitalize()
        died = wanted.reason is TerminationReason.DECEASED
        because = "the applicant died" if died else wanted.reason.replace("_", " ")
        summary = (
            f"{coverages} coverage terminated. The last day is {format_date(wanted.last_day)}. "
            f"Asked for by the {wanted.asked_by}: {because}."
        )
        service.record(work, caller.subject, ended, "coverage.terminated", summary)
        return record_number
