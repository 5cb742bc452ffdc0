"""Use case: say why an application is needed beside others of the same people (R14)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import Caller, InvalidInput, NotReady
from services.enrollment.domain.application import Application
from services.enrollment.domain.duplicates import DuplicateExplanation, NewApplicationReason
from services.enrollment.usecases.application_service import ApplicationService, ApplicationView
from services.enrollment.usecases.ports import EnrollmentUnitOfWork
from services.enrollment.usecases.saves import Save, answer_again


@dataclass(frozen=True, slots=True)
class ExplainDuplicates:
    service: ApplicationService

    def __call__(
        self,
        caller: Caller,
        record_number: str,
        version: int,
        reason: NewApplicationReason | None,
        content: str = "",
    ) -> ApplicationView:
        """``content``: a digest of the request, as of SaveStep."""
        if reason is None:
            raise InvalidInput.at("reason", "Choose one of the offered reasons.", rule="R14")
        service, save = self.service.begin(), Save(caller, record_number, version, content)
        return answer_again(service, save, lambda: self._explain(service, save, reason))

    @staticmethod
    def _explain(service: ApplicationService, save: Save, reason: NewApplicationReason) -> ApplicationView:
        caller, record_number, version = save.caller, save.record_number, save.version
        with service.transactions() as work:
            app = service.find(work, caller, record_number, for_update=True)
            app.must_be_version(version)
            app.must_be_open(service.circumstances(app).today)
            explained = app.changed(service.now(), explained=_explanation(work, app, reason))
            missing = service.save(work, explained, read_version=version, saved=save.mark)
            summary = f"Kept {explained.explained}."
            service.record(work, caller.subject, explained, "application.explained", summary)
        return service.view(explained, missing)


def _explanation(work: EnrollmentUnitOfWork, app: Application, reason: NewApplicationReason) -> DuplicateExplanation:
    others = [one.record_number for one in work.duplicates.of(app) if one.record_number]
    numbers = dict.fromkeys([*others, *(duplicate.record_number for duplicate in work.duplicates.sent(app))])
    if not numbers:
        raise NotReady("No other application has these people, so no explanation is needed.")
    return DuplicateExplanation(reason, tuple(numbers))
