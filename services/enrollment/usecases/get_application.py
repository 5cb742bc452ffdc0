"""Use case: read one application, as it is judged today."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import Caller
from services.enrollment.usecases.application_service import ApplicationService, ApplicationView


@dataclass(frozen=True, slots=True)
class GetApplication:
    service: ApplicationService

    def __call__(self, caller: Caller, record_number: str) -> ApplicationView:
        service = self.service.begin()
        with service.transactions() as work:
            app = service.find(work, caller, record_number)
            return service.view(app, service.find_missing(work, app))
