"""Use case: what submission would refuse now, what only other services know included."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import Caller, Conflict
from services.enrollment.domain.application import Application
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
        view = self.plan_review.add_to(self.pcp_review.add_to(read_view(service, caller, record_number)))
        return Readiness(view.missing, view.notices, _is_closed(service, view.application))


def _is_closed(service: ApplicationService, app: Application) -> bool:
    try:
        app.must_be_open(app.today(service.now()))
    except Conflict:
        return True
    return False
