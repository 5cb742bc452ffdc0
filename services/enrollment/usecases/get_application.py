"""Use case: read one application, as it is judged today."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import Caller
from services.enrollment.usecases.application_service import ApplicationService, ApplicationView
from services.enrollment.usecases.read_payment import ReadPayment


@dataclass(frozen=True, slots=True)
class GetApplication:
    service: ApplicationService
    read_payment: ReadPayment

    def __call__(self, caller: Caller, record_number: str) -> ApplicationView:
        return self.read_payment.add_to(read_view(self.service.begin(), caller, record_number))


def read_view(service: ApplicationService, caller: Caller, record_number: str) -> ApplicationView:
    """What enrollment alone knows."""
    with service.transactions() as work:
        app = service.find(work, caller, record_number)
        return service.view(app, service.find_missing(work, app))
