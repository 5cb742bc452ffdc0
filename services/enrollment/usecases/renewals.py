"""Use cases: what the chosen plans cost in the plan years after that of the effective date (rules.md 6).

Like every pricing outside a transaction. Quote is asked once for each plan year that is not known yet.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from chassis.kernel import Conflict, InvalidInput, Money, NotFound
from services.enrollment.domain.first_payment import renewal_years
from services.enrollment.domain.pricing import PlanLine, PricingBasis, Renewal
from services.enrollment.usecases.ports import QuoteService

# Quote's word for a plan year of which nothing is loaded: whether a plan will be offered is not known then.
_NO_CATALOGUE = "no_catalogue"


def add_renewals(
    quotes: QuoteService, lines: Sequence[PlanLine], basis: PricingBasis, today: date
) -> tuple[PlanLine, ...]:
    """The lines with the later plan years that matter today. Raises Unavailable when quote does not answer."""
    found = tuple(lines)
    for year in renewal_years(basis.effective_date, today):
        if not all(line.renewal_of(year) for line in found):
            found = _with_year(quotes, found, replace(basis, effective_date=date(year, 1, 1)))
    return found


def _with_year(quotes: QuoteService, lines: tuple[PlanLine, ...], basis: PricingBasis) -> tuple[PlanLine, ...]:
    premiums = _premiums(quotes, basis)
    if premiums is None:
        return lines
    year = basis.effective_date.year
    return tuple(_with_renewal(line, Renewal(year, premiums.get(line.plan_id))) for line in lines)


def _with_renewal(line: PlanLine, renewal: Renewal) -> PlanLine:
    others = (one for one in line.renewals if one.plan_year != renewal.plan_year)
    return replace(line, renewals=(*others, renewal))


def _premiums(quotes: QuoteService, basis: PricingBasis) -> dict[str, Money] | None:
    """By plan, without plans that are refused; None when nothing of that year is known."""
    try:
        return {line.plan_id: line.monthly_premium for line in quotes.price(basis)}
    except (InvalidInput, NotFound, Conflict) as refusal:
        if refusal.code == _NO_CATALOGUE:
            return None
    # quote refuses a selection as a whole; one of two plans may still be offered
    found: dict[str, Money] = {}
    for alone in _each_alone(basis):
        found |= _premiums(quotes, alone) or {}
    return found


def _each_alone(basis: PricingBasis) -> Iterator[PricingBasis]:
    if basis.medical_plan_id and basis.dental_plan_id:
        yield replace(basis, dental_plan_id="")
        yield replace(basis, medical_plan_id="")
