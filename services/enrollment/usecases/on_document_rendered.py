"""Use case: documents tells that the application's PDF was made (R95)."""

from __future__ import annotations

from dataclasses import dataclass

from services.enrollment.usecases.application_service import ApplicationService


@dataclass(frozen=True, slots=True)
class OnDocumentRendered:
    """For the timeline alone: the application itself does not change."""

    service: ApplicationService

    def __call__(self, queue: str, message_id: str, record_number: str) -> None:
        with self.service.transactions() as work:
            if not work.accept_message(queue, message_id):
                return
            number = work.applications.writing_number(record_number)
            if number is not None:
                summary = "The application's PDF was created."
                work.record_audit(self.service.now(), "documents", record_number, "document.rendered", summary, number)
