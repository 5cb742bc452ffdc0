"""Use cases that only read: one application, the lists, the timeline."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import Caller
from services.enrollment.usecases.desk import ApplicationView, Desk
from services.enrollment.usecases.ports import Numbers


@dataclass(frozen=True, slots=True)
class Reading:
    desk: Desk

    def application(self, caller: Caller, record_number: str) -> ApplicationView:
        with self.desk.transactions() as work:
            return self.desk.view(self.desk.find(work, caller, record_number))


def _visible(caller: Caller) -> Numbers:
    return None if caller.is_service else caller.numbers
