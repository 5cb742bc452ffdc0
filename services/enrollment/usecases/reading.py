"""Use case: read one application, as it is judged today."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import Caller
from services.enrollment.usecases.desk import ApplicationView, Desk


@dataclass(frozen=True, slots=True)
class Reading:
    desk: Desk

    def application(self, caller: Caller, record_number: str) -> ApplicationView:
        with self.desk.transactions() as work:
            return self.desk.judged(work, self.desk.find(work, caller, record_number))
