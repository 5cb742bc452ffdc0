"""Use cases: keeps the premium in step with household, address and effective date (R63-R67).

Always outside a transaction: no lock is held while another service is asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from chassis.kernel import InvalidInput, NotFound, Problem
from services.enrollment.domain.application import Application
from services.enrollment.domain.enums import Step
from services.enrollment.domain.pricing import PlanLine, PricingBasis
from services.enrollment.domain.step_updates import refuse_step, with_lines
from services.enrollment.usecases.ports import QuoteService
from services.enrollment.usecases.renewals import add_renewals

# Where quote's fields are in step 2.
_IN_HOUSEHOLD = {
    "members": "people",
    "zip": "home_address.zip",
    "county_fips": "home_address.county_fips",
    "state": "home_address.state",
}


@dataclass(frozen=True, slots=True)
class Repricing:
    quotes: QuoteService

    def refresh(self, before: Application, after: Application, step: Step | None, today: date) -> Application:
        """``after`` with plans priced for its own basis; ``step`` is the one being saved.

        Once the date is calculated they are priced for the later plan years too that matter ``today``.

        Raises Unavailable when quote does not answer. A refusal by quote that belongs to the saved step is raised as a
        problem of that step; otherwise the plans stand unpriced, and readiness asks for another choice.
        """
        basis = after.basis
        if basis is None:
            return with_lines(after, ())
        if basis == before.basis and before.plan_lines:
            return with_lines(after, self._renewed(after, before.plan_lines, basis, today))
        try:
            lines = self.quotes.price(basis)
        except (InvalidInput, NotFound) as refusal:
            refuse_step(_in_step(refusal, basis, step))
            return with_lines(after, ())
        return with_lines(after, self._renewed(after, lines, basis, today))

    def _renewed(
        self, app: Application, lines: tuple[PlanLine, ...], basis: PricingBasis, today: date
    ) -> tuple[PlanLine, ...]:
        return add_renewals(self.quotes, lines, basis, today) if app.start else lines


def _in_step(refusal: InvalidInput | NotFound, basis: PricingBasis, step: Step | None) -> tuple[Problem, ...]:
    found = refusal.problems or (Problem("", refusal.message),)
    if step is Step.PLANS:
        return tuple(Problem(_plan_field(one.field, basis), one.message, one.rule or "R63") for one in found)
    if step is Step.HOUSEHOLD:
        return tuple(
            Problem(one.field.replace(theirs, ours, 1), one.message, one.rule)
            for one in found
            for theirs, ours in _IN_HOUSEHOLD.items()
            if one.field.split("[")[0] == theirs
        )
    return ()


def _plan_field(field: str, basis: PricingBasis) -> str:
    if field in ("medical_plan_id", "dental_plan_id"):
        return field
    return "medical_plan_id" if basis.medical_plan_id else "dental_plan_id"
