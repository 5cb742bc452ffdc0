"""Use case: whose applications these are, for lists that keep no names."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from chassis.kernel import Caller
from services.enrollment.usecases.application_service import ApplicationService
from services.enrollment.usecases.book_ports import Applicant
from services.enrollment.usecases.visible_writing_numbers import visible_numbers


@dataclass(frozen=True, slots=True)
class ListApplicants:
    service: ApplicationService

    def __call__(self, caller: Caller, record_numbers: Collection[str]) -> list[Applicant]:
        """Those that the caller may not see are left out."""
        with self.service.transactions() as work:
            return work.book.applicants(record_numbers, visible_numbers(caller))
