"""Use case: other applications and quotes of the people of an application (R14)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import Caller
from services.enrollment.domain.duplicates import Duplicate, DuplicateExplanation
from services.enrollment.usecases.application_service import ApplicationService


@dataclass(frozen=True, slots=True)
class FindDuplicates:
    service: ApplicationService

    def __call__(self, caller: Caller, record_number: str) -> tuple[list[Duplicate], DuplicateExplanation | None]:
        """Surest first, quotes last; and how the application was explained, if it was."""
        with self.service.transactions() as work:
            app = self.service.find(work, caller, record_number)
            return work.duplicates.of(app), app.explained
