"""Domain: things to look at again, which stop nothing."""

from __future__ import annotations

from collections.abc import Iterator

from services.enrollment.domain.application import Application
from services.enrollment.domain.effective_dates import effective_dates
from services.enrollment.domain.enums import Step
from services.enrollment.domain.household_notices import household_notices
from services.enrollment.domain.notice import Notice as Notice
from services.enrollment.domain.rule_pack import Circumstances

MONTHS = 12


def list_notices(app: Application, c: Circumstances) -> tuple[Notice, ...]:
    return (*_dates(app, c), *household_notices(app, c), *_qsehra(app, c))


def _dates(app: Application, c: Circumstances) -> Iterator[Notice]:
    """Life events that give no effective date today, such as one in the future or one whose window has passed."""
    if app.general.special_enrollment and app.general.life_events:
        for refusal in effective_dates(app.general, app.state, c).refused:
            yield Notice(Step.GENERAL, refusal.field, refusal.explanation, "R28")


def _qsehra(app: Application, c: Circumstances) -> Iterator[Notice]:
    """A contribution above the yearly cap is unusual, not wrong (rules.md 7)."""
    hra = app.household.hra
    if hra is None or hra.kind != "QSEHRA" or hra.monthly_contribution is None:
        return
    year = (app.effective_date or c.today).year
    cap = c.pack.qsehra_cap(year)
    if cap is None:
        return
    alone = len(app.household.people) <= 1
    most = cap.self_only if alone else cap.family
    if hra.monthly_contribution * MONTHS > most:
        whom = "one person" if alone else "a family"
        message = f"Twelve of these contributions exceed ${most.dollars:,.0f}, the QSEHRA cap of a year for {whom}. "
        yield Notice(Step.HOUSEHOLD, "hra.monthly_contribution", f"{message}Check the amount with the employer.", "R53")
