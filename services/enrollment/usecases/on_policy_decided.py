"""Use case: documents tells what a carrier answered about a plan of an application."""

from __future__ import annotations

from dataclasses import dataclass

from services.enrollment.domain.policy_decision import PolicyDecision
from services.enrollment.usecases.application_service import ApplicationService


@dataclass(frozen=True, slots=True)
class OnPolicyDecided:
    """For the timeline alone: the application itself does not change."""

    service: ApplicationService

    def __call__(self, queue: str, message_id: str, record_number: str, decision: PolicyDecision) -> None:
        with self.service.transactions() as work:
            if not work.accept_message(queue, message_id):
                return
            app = work.applications.get(record_number)
            if app is not None:
                self.service.record(work, "documents", app, f"policy.{decision.decision}", decision.sentence)
