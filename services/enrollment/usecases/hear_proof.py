"""Use case: documents tells that proof of the life event was added."""

from __future__ import annotations

from dataclasses import dataclass

from services.enrollment.usecases.desk import Desk


@dataclass(frozen=True, slots=True)
class HearProof:
    """The first document ends the wait; whether it proves the event is for the carrier to say."""

    desk: Desk

    def __call__(self, queue: str, message_id: str, record_number: str, kind: str) -> None:
        desk = self.desk.begin()
        with desk.transactions() as work:
            if not work.accept_message(queue, message_id):
                return
            app = work.applications.get(record_number, for_update=True)
            if app is None:
                return
            proven = app.proven(desk.now())
            if proven is not app:
                desk.save(work, proven, read_version=app.version)
            desk.record(work, "documents", proven, "proof.added", f"Proof added: {kind.replace('_', ' ')}.")
