"""Use case: submit (R84, R85, R100). Accepts the submission, then waits a little for the outcome."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import Caller, Command, NotReady, Unavailable, run_once
from services.enrollment.domain.application import Application
from services.enrollment.domain.enums import Status
from services.enrollment.domain.events import SubmissionRequested
from services.enrollment.domain.validation_issue import ValidationIssue
from services.enrollment.usecases.application_service import ApplicationService, ApplicationView
from services.enrollment.usecases.pcp_review import PcpReview, merge_issues
from services.enrollment.usecases.ports import AwaitedOutcome, EnrollmentUnitOfWork, SubmissionOutcomes
from services.enrollment.usecases.submission_parts import name_attempt

# Below the gateway's deadline of 12 s for this call; a healthy suite needs well under one second.
PATIENCE_SECONDS = 8.0
# The outcome is told; a look now and then finds one that was missed.
LOOK_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class SubmitApplication:
    service: ApplicationService
    pcp_review: PcpReview
    outcomes: SubmissionOutcomes
    patience: float = PATIENCE_SECONDS

    def __call__(self, command: Command, record_number: str, version: int) -> ApplicationView:
        """``version`` 0 submits without the check. Raises NotReady, with every shortcoming, and writes nothing then."""
        service = self.service.begin()
        with service.transactions() as work:
            read = service.find(work, command.caller, record_number)
        refused = self._refused_providers(read)
        requested: list[str] = []

        def request(work: EnrollmentUnitOfWork) -> str:
            requested.append(self._request(service, work, command.caller, read, version, refused))
            return record_number

        with self.outcomes.expect(record_number) as outcome:
            with service.transactions() as work:
                run_once(work, command, lambda: request(work))
            if requested or self._is_awaited(record_number):  # of a repeated call the outcome may be there for long
                self._wait(outcome, record_number)
        with self.service.transactions() as work:
            return self.service.view(self.service.find(work, command.caller, record_number))

    def _refused_providers(self, app: Application) -> tuple[ValidationIssue, ...]:
        """Asked before the transaction. Where pcp does not answer, the submission's own step decides."""
        try:
            return () if app.is_sent else self.pcp_review.find_issues(app)
        except Unavailable:
            return ()

    @staticmethod
    def _request(
        service: ApplicationService,
        work: EnrollmentUnitOfWork,
        caller: Caller,
        read: Application,
        version: int,
        refused: tuple[ValidationIssue, ...],
    ) -> str:
        app = service.lock(work, caller, read)
        if version:
            app.must_be_version(version)
        app.must_be_open(service.circumstances(app).today)
        missing = merge_issues(service.find_missing(work, app, lock=True), refused)
        if missing:
            message = "The application is not complete yet. Nothing was submitted."
            raise NotReady(message, problems=tuple(one.problem for one in missing))
        requested = app.requested(service.now())
        service.save(work, requested, read_version=app.version)
        work.publish_event(SubmissionRequested(app.record_number, requested.attempt))
        summary = f"{name_attempt(requested)} requested."
        service.record(work, caller.subject, requested, "submission.requested", summary)
        return app.record_number

    def _wait(self, outcome: AwaitedOutcome, record_number: str) -> None:
        """Until the outcome is known, or patience ends."""
        waited = 0.0
        while waited < self.patience and not outcome.wait(LOOK_SECONDS):
            waited += LOOK_SECONDS
            if not self._is_awaited(record_number):
                return

    def _is_awaited(self, record_number: str) -> bool:
        with self.service.transactions() as work:
            return work.applications.status(record_number) is Status.SUBMITTING
