"""Use case: payment tells that autopay was set up or ended (R90)."""

from __future__ import annotations

from dataclasses import dataclass

from services.enrollment.usecases.application_service import ApplicationService

# What the timeline says of each.
_SENTENCES = {
    "autopay.authorized": "Autopay was set up for later premiums.",
    "autopay.cancelled": "Autopay was cancelled. Later premiums will be billed.",
}


@dataclass(frozen=True, slots=True)
class OnAutopayChanged:
    """An entry of the timeline; what autopay takes is asked of payment."""

    service: ApplicationService

    def __call__(self, queue: str, message_id: str, record_number: str, action: str) -> None:
        service = self.service.begin()
        with service.transactions() as work:
            if not work.accept_message(queue, message_id):
                return
            app = work.applications.get(record_number)
            if app is not None:
                service.record(work, "payment", app, action, _SENTENCES[action])
