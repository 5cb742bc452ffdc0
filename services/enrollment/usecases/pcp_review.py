"""Use cases: asks pcp what it would refuse, before a submission does (R69-R72).

Always outside a transaction: no lock is held while another service is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from chassis.kernel import DomainError, InvalidInput, NotFound, Unavailable
from services.enrollment.domain.application import Application
from services.enrollment.domain.enums import Coverage, Step
from services.enrollment.domain.notice import Notice
from services.enrollment.domain.pcp_refusals import PcpRefusal, call_by_name, is_chosen, locate_refusals
from services.enrollment.domain.pricing import line_of
from services.enrollment.domain.step_updates import refuse_step
from services.enrollment.domain.validation_issue import ValidationIssue
from services.enrollment.usecases.application_service import ApplicationView
from services.enrollment.usecases.dtos import CheckedPcps
from services.enrollment.usecases.ports import ProviderService
from services.enrollment.usecases.submission_parts import failure_reasons, pcp_selections

NOT_CHECKED = Notice(
    Step.PLANS,
    "pcp_choices",
    "The primary care providers could not be checked just now. Your choices are saved; submission checks them.",
    "R71",
)


@dataclass(frozen=True, slots=True)
class PcpReview:
    providers: ProviderService

    def refuse_misfits(self, app: Application) -> tuple[Notice, ...]:
        """Raises InvalidInput for what was typed and cannot be; a notice where pcp does not answer.

        That nobody is left to be assigned is for readiness to say: nothing that was typed is wrong.
        """
        if not any(is_chosen(app, index) for index in range(len(app.household.people))):
            return ()
        try:
            refusals = self._refusals(app)
        except Unavailable:
            return (NOT_CHECKED,)
        except (InvalidInput, NotFound):
            return ()  # a ZIP code or a plan that pcp does not know: not what was typed in this field
        typed = [refusal for refusal in refusals if is_chosen(app, refusal.member_index)]
        refuse_step(locate_refusals(app, typed, call_by_name(app)))
        return ()

    def find_issues(self, app: Application) -> tuple[ValidationIssue, ...]:
        """What a submission would be refused for. Raises Unavailable when pcp does not answer."""
        try:
            refusals = self._refusals(app)
        except Unavailable:
            raise
        except DomainError as refusal:
            return tuple(failure_reasons(app, Step.PLANS, refusal))
        return tuple(ValidationIssue.of(Step.PLANS, locate_refusals(app, refusals, call_by_name(app))))

    def add_to(self, view: ApplicationView) -> ApplicationView:
        """The view with what only pcp knows; with a notice where it does not answer."""
        if view.application.is_sent:
            return view
        try:
            return replace(view, missing=merge_issues(view.missing, self.find_issues(view.application)))
        except Unavailable:
            return replace(view, notices=(*view.notices, NOT_CHECKED))

    def check(self, app: Application, plan_id: str) -> CheckedPcps:
        """Of everybody, for a plan that uses providers. ``app`` has a date and a home address."""
        assert app.effective_date
        zip_code = app.household.home_address.zip5
        return self.providers.check(plan_id, app.effective_date.year, zip_code, pcp_selections(app))

    def _refusals(self, app: Application) -> Sequence[PcpRefusal]:
        medical = line_of(app.plan_lines, Coverage.MEDICAL)
        if medical is None or not medical.uses_pcp or app.effective_date is None:
            return ()
        return self.check(app, medical.plan_id).refusals


def merge_issues(missing: Sequence[ValidationIssue], found: Sequence[ValidationIssue]) -> tuple[ValidationIssue, ...]:
    """In the order of the steps; what a field lacks already is said once."""
    known = {(one.step, one.field) for one in missing}
    fresh = [one for one in found if (one.step, one.field) not in known]
    return tuple(sorted((*missing, *fresh), key=lambda one: one.place))
