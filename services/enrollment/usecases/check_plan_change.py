"""Use case: what choosing plans would change, before it is saved (R67-R72)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from chassis.kernel import Caller, InvalidInput, Money, NotFound, Unavailable
from services.enrollment.domain.application import Application
from services.enrollment.domain.checks.plans import owes_pediatric_dental
from services.enrollment.domain.enums import Coverage, PcpStatus
from services.enrollment.domain.pcp_refusals import is_chosen
from services.enrollment.domain.pricing import PlanLine, line_of, monthly_premium
from services.enrollment.domain.rating_basis import rating_basis
from services.enrollment.usecases.application_service import ApplicationService
from services.enrollment.usecases.dtos import CheckedPcps
from services.enrollment.usecases.pcp_review import PcpReview
from services.enrollment.usecases.ports import QuoteService


@dataclass(frozen=True, slots=True)
class PcpOutcome:
    """Of one person; both ids as they stand in step 3."""

    member_index: int
    pcp_id: str
    medical_group_id: str
    provider_name: str
    status: PcpStatus
    message: str


@dataclass(frozen=True, slots=True)
class PlanChange:
    plan_lines: tuple[PlanLine, ...]
    monthly_premium: Money | None
    uses_pcp: bool
    pcp_outcomes: tuple[PcpOutcome, ...]
    pcps_not_checked: bool
    owes_pediatric_dental: bool


@dataclass(frozen=True, slots=True)
class CheckPlanChange:
    service: ApplicationService
    quotes: QuoteService
    pcp_review: PcpReview

    def __call__(self, caller: Caller, record_number: str, medical_plan_id: str, dental_plan_id: str) -> PlanChange:
        """Raises NotReady while something is missing for a price, InvalidInput for plans that cannot be had."""
        if not (medical_plan_id or dental_plan_id):
            raise InvalidInput.at("medical_plan_id", "Name a medical plan, a dental plan, or both.", rule="R64")
        with self.service.transactions() as work:
            app = self.service.find(work, caller, record_number)
        lines = self._price(app, medical_plan_id, dental_plan_id)
        medical = line_of(lines, Coverage.MEDICAL)
        uses_pcp = medical is not None and medical.uses_pcp
        checked = self._check(app, medical_plan_id) if uses_pcp else None
        outcomes = tuple(_outcomes(app, checked, uses_pcp=uses_pcp))
        not_checked = any(one.status is PcpStatus.NOT_CHECKED for one in outcomes)
        plans = replace(app.plans, medical_plan_id=medical_plan_id, dental_plan_id=dental_plan_id)
        owed = owes_pediatric_dental(plans, app.household.people, lines, app.effective_date)
        return PlanChange(lines, monthly_premium(lines), uses_pcp, outcomes, not_checked, owed)

    def _price(self, app: Application, medical_plan_id: str, dental_plan_id: str) -> tuple[PlanLine, ...]:
        coverage = Coverage.MEDICAL if medical_plan_id else Coverage.DENTAL
        rating_basis(app, coverage, field=f"{coverage}_plan_id")
        plans = replace(app.plans, medical_plan_id=medical_plan_id, dental_plan_id=dental_plan_id)
        basis = replace(app, plans=plans).basis
        assert basis, "everything that a price depends on is there"
        try:
            return self.quotes.price(basis)
        except NotFound as refusal:  # here it is a field of the request
            raise InvalidInput(refusal.message, code=refusal.code, problems=refusal.problems) from None

    def _check(self, app: Application, plan_id: str) -> CheckedPcps | None:
        if not any(is_chosen(app, index) for index in range(len(app.household.people))):
            return None
        try:
            return self.pcp_review.check(app, plan_id)
        except (Unavailable, InvalidInput, NotFound):
            return None


def _outcomes(app: Application, checked: CheckedPcps | None, *, uses_pcp: bool) -> Iterator[PcpOutcome]:
    refusals = {one.member_index: one.message for one in checked.refusals} if checked else {}
    names = {one.member_index: one.provider_name for one in checked.assignments} if checked else {}
    for index, person in enumerate(app.household.people):
        choice = app.plans.choice_for(index)
        if choice is None or not is_chosen(app, index):
            continue
        whom = person.name or f"Person {index + 1}"
        ids, name = (index, choice.pcp_id, choice.medical_group_id), names.get(index, "")
        if not uses_pcp:
            message = f"{whom}: this plan requires no primary care provider. Remove the choice before you save."
            yield PcpOutcome(*ids, "", PcpStatus.NOT_NEEDED, message)
        elif checked is None:
            message = f"{whom}: the provider could not be checked just now. The choice is checked when you save."
            yield PcpOutcome(*ids, "", PcpStatus.NOT_CHECKED, message)
        elif index in refusals:
            yield PcpOutcome(*ids, "", PcpStatus.REFUSED, f"{whom}: {refusals[index]}")
        else:
            yield PcpOutcome(*ids, name, PcpStatus.KEPT, f"{whom} keeps {name}, who is in this plan's network.")
