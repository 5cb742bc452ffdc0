"""Domain: the first day of coverage for somebody of whom nothing is known yet, as a new quote starts with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from chassis.kernel import format_date
from services.enrollment.domain.dates import first_of_next_month
from services.enrollment.domain.effective_dates import effective_dates
from services.enrollment.domain.rule_pack import Circumstances
from services.enrollment.domain.steps import GeneralStep

SPECIAL_ENROLLMENT = "special_enrollment"


@dataclass(frozen=True, slots=True)
class ProposedEffectiveDate:
    effective_date: date
    explanation: str
    rule: str


def propose_effective_date(state: str, c: Circumstances) -> ProposedEffectiveDate:
    """By open enrollment while it is open. Else the first of the next month, which most life events give for plans
    that are selected today (45 CFR 155.420(b)); the application asks which event it is.
    """
    by_window = effective_dates(GeneralStep(special_enrollment=False), state, c).default
    if by_window:
        return ProposedEffectiveDate(by_window.effective_date, by_window.explanation, by_window.rule)
    day = first_of_next_month(c.today)
    sentence = (
        f"Open enrollment is not open, so the client needs a life event. After most life events, plans selected today "
        f"begin on {format_date(day)}."
    )
    nearest = c.pack.nearest_window(state, c.today)
    if nearest and nearest.first_day > c.today:
        sentence += f" Open enrollment for {nearest.plan_year} starts on {format_date(nearest.first_day)}."
    return ProposedEffectiveDate(day, sentence, c.pack.name_rule(SPECIAL_ENROLLMENT))
