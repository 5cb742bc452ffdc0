"""Use cases: asks quote whether the chosen plans can still be had, before a submission does (R63-R67).

Always outside a transaction: no lock is held while another service is asked.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from chassis.kernel import DomainError, Unavailable
from services.enrollment.domain.enums import Step
from services.enrollment.domain.first_payment import premiums_agree
from services.enrollment.domain.notice import Notice
from services.enrollment.usecases.application_service import ApplicationView
from services.enrollment.usecases.ports import QuoteService
from services.enrollment.usecases.submission_parts import failure_reasons

NOT_CHECKED = Notice(
    Step.PLANS, "", "The plans and premiums could not be checked just now. Submission checks them.", "R67"
)
PREMIUM_CHANGED = Notice(
    Step.PLANS,
    "monthly_premium",
    "The premium has changed since it was last shown. A submission stops and shows the new one for review.",
    "R67",
)


@dataclass(frozen=True, slots=True)
class PlanReview:
    quotes: QuoteService

    def add_to(self, view: ApplicationView) -> ApplicationView:
        """The view with what only quote knows: a plan that was withdrawn, a premium that changed. Of an application
        that lacks something else nothing is asked: it cannot be submitted yet, and will be looked at again.
        """
        app = view.application
        if app.is_sent or view.missing or app.basis is None:
            return view
        try:
            lines = self.quotes.price(app.basis)
        except Unavailable:
            return replace(view, notices=(*view.notices, NOT_CHECKED))
        except DomainError as refusal:
            return replace(view, missing=tuple(failure_reasons(app, Step.PLANS, refusal)))
        if not premiums_agree(app.plan_lines, lines):
            return replace(view, notices=(*view.notices, PREMIUM_CHANGED))
        return view
