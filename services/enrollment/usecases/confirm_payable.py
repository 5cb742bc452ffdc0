"""Use case: make sure that an application can still be paid for."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import Caller
from services.enrollment.usecases.application_service import ApplicationService


@dataclass(frozen=True, slots=True)
class ConfirmPayable:
    """Keeps people from paying for a cancelled application before payment has received the event."""

    service: ApplicationService

    def __call__(self, caller: Caller, record_number: str) -> None:
        """Raises Conflict for a cancelled application."""
        with self.service.transactions() as work:
            self.service.find(work, caller, record_number).must_be_payable()
