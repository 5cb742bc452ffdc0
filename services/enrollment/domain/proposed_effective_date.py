"""Domain: the first day of coverage for somebody of whom nothing is known yet, as a new quote starts with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from chassis.kernel import format_date
from services.enrollment.domain.dates import first_of_next_month
from services.enrollment.domain.effective_dates import effective_dates
from services.enrollment.domain.rule_pack import Circumstances
from services.enrollment.domain.steps import GeneralStep

SPECIAL_ENROLLMENT = "special_enrollment"
_ONE_DAY = timedelta(1)


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


def explain_effective_date(day: date, state: str, c: Circumstances) -> str:
    """What coverage from a day needs while open enrollment gives another; empty where there is nothing to say.

    A day that has passed is told of by the quote itself, whatever is open.
    """
    window = c.pack.window_on(state, c.today)
    if window is None or day < c.today or day == (given := window.effective_date(c.today)):
        return ""
    sentence = (
        f"Open enrollment: plans selected today begin on {format_date(given)}. Coverage that begins on "
        f"{format_date(day)} needs a qualifying life event"
    )
    later = next((start for start in window.starts if start.effective_date == day), None)
    if later is None or later.selected_until < c.today:
        return f"{sentence}."
    first = max(one.selected_until for one in window.starts if one.selected_until < later.selected_until) + _ONE_DAY
    return f"{sentence}, or plans selected from {format_date(first)} to {format_date(later.selected_until)}."
