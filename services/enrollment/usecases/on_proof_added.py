"""Use case: documents tells that proof of the life event was added."""

from __future__ import annotations

from dataclasses import dataclass

from services.enrollment.usecases.application_service import ApplicationService

# As the page says of proof that the rules do not name.
OTHER_DOCUMENT = "Other document"


@dataclass(frozen=True, slots=True)
class OnProofAdded:
    """The first document ends the wait; whether it proves the event is for the carrier to say."""

    service: ApplicationService

    def __call__(self, queue: str, message_id: str, record_number: str, kind: str) -> None:
        service = self.service.begin()
        with service.transactions() as work:
            if not work.accept_message(queue, message_id):
                return
            app = work.applications.get(record_number, for_update=True)
            if app is None:
                return
            proven = app.proven(service.now())
            if proven is not app:
                service.save(work, proven, read_version=app.version)
            label = service.circumstances(app).pack.proofs.get(kind, OTHER_DOCUMENT)
            service.record(work, "documents", proven, "proof.added", f"Proof added: {label}.")
