"""Use case: what a producer started, submitted and wrote, by state and month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from chassis.kernel import Caller, report_dates
from services.enrollment.usecases.application_service import ApplicationService
from services.enrollment.usecases.book_ports import EnrollmentFigures, ReportSearch


@dataclass(frozen=True, slots=True)
class GetEnrollmentReport:
    service: ApplicationService

    def __call__(
        self, caller: Caller, first: date, last: date, state: str, writing_number: str
    ) -> list[EnrollmentFigures]:
        """``first`` and ``last``: the first days of the first and the last month.

        Raises InvalidInput, and NotFound for a writing number of somebody else.
        """
        search = ReportSearch(*report_dates(first, last), state)
        numbers = (caller.writing_number(writing_number).number,) if writing_number else caller.numbers
        with self.service.transactions() as work:
            return work.book.figures(search, numbers)
