"""Use case: the timeline of an application."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import Caller
from services.enrollment.domain.application_list import ListCursor
from services.enrollment.usecases.application_service import ApplicationService
from services.enrollment.usecases.dtos import TimelineEntry


@dataclass(frozen=True, slots=True)
class GetTimeline:
    service: ApplicationService

    def __call__(
        self, caller: Caller, record_number: str, after: ListCursor | None, size: int
    ) -> tuple[list[TimelineEntry], ListCursor | None]:
        """Oldest first."""
        with self.service.transactions() as work:
            self.service.find(work, caller, record_number)
            found = work.applications.timeline(record_number, after.number if after else 0, size + 1)
        return found[:size], ListCursor("", found[size - 1].entry_id) if len(found) > size else None
