"""Use case: what submission would refuse now, what only other services know included."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import Caller
from services.enrollment.domain.application import is_open
from services.enrollment.domain.notice import Notice
from services.enrollment.domain.validation_issue import ValidationIssue
from services.enrollment.usecases.application_service import ApplicationService
from services.enrollment.usecases.get_application import read_view
from services.enrollment.usecases.pcp_review import PcpReview
from services.enrollment.usecases.plan_review import PlanReview


@dataclass(frozen=True, slots=True)
class Readiness:
    """``closed``: it cannot be submitted, or not again, whatever is filled in."""

    missing: tuple[ValidationIssue, ...]
    notices: tuple[Notice, ...]
    closed: bool


@dataclass(frozen=True, slots=True)
class GetReadiness:
    service: ApplicationService
    pcp_review: PcpReview
    plan_review: PlanReview

    def __call__(self, caller: Caller, record_number: str) -> Readiness:
        service = self.service.begin()
        view = read_view(service, caller, record_number)
        if not is_open(view.application, service.now()):
            return Readiness((), view.notices, closed=True)
        view = self.plan_review.add_to(self.pcp_review.add_to(view))
        return Readiness(view.missing, view.notices, closed=False)
