"""Use case: read one application, as it is judged today."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import Caller
from services.enrollment.usecases.desk import ApplicationView, Desk


@dataclass(frozen=True, slots=True)
class Reading:
    desk: Desk

    def application(self, caller: Caller, record_number: str) -> ApplicationView:
        desk = self.desk.begin()
        with desk.transactions() as work:
            app = desk.find(work, caller, record_number)
            return desk.view(app, desk.find_missing(work, app))
