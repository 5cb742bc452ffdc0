"""Use case: documents tells that the application's PDF was made (R95)."""

from __future__ import annotations

from dataclasses import dataclass

from services.enrollment.usecases.desk import Desk


@dataclass(frozen=True, slots=True)
class HearDocument:
    """For the timeline alone: the application itself does not change."""

    desk: Desk

    def __call__(self, queue: str, message_id: str, record_number: str) -> None:
        with self.desk.transactions() as work:
            if not work.accept_message(queue, message_id):
                return
            app = work.applications.get(record_number)
            if app is not None:
                self.desk.record(work, "documents", app, "document.rendered", "The application's PDF was made.")
