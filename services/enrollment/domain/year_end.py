"""Domain: a plan year that is over, or ends within the months due, and what the next one costs (rules.md 6)."""

from __future__ import annotations

from collections.abc import Iterator

from services.enrollment.domain.application import Application
from services.enrollment.domain.enums import Status, Step
from services.enrollment.domain.first_payment import renewal_years
from services.enrollment.domain.notices import Notice
from services.enrollment.domain.pricing import PlanLine
from services.enrollment.domain.rule_pack import Circumstances


def year_end_notices(app: Application, c: Circumstances) -> Iterator[Notice]:
    """One for each plan and later plan year, also once submitted; none of what earlier releases submitted."""
    if app.start is None or app.status is Status.CANCELLED or not app.months_due(c.today):
        return
    ended = {one.coverage for one in app.terminations}
    today = (app.submitted_on or c.today) if app.is_sent else c.today
    for year in renewal_years(app.start.date, today):
        for line in (one for one in app.plan_lines if one.coverage not in ended):
            message = f"{line.name}: the plan year ends on 12/31/{year - 1}. {_next_year(line, year)}"
            yield Notice(Step.PLANS, f"{line.coverage}_plan_id", message, "rules.md 6")


def _next_year(line: PlanLine, year: int) -> str:
    renewal = line.renewal_of(year)
    if renewal is None:
        return f"The {year} premium is not known yet, so the first payment covers no month of {year}."
    if renewal.monthly_premium is None:
        return (
            f"It is not offered to this household for {year}: the plan is no longer sold there, or somebody will be "
            f"too old for it. Coverage from 01/01/{year} needs another application, and the first payment covers no "
            f"month of {year}."
        )
    return f"In {year} the same plan costs ${renewal.monthly_premium.dollars:,.2f} a month for this household."
