"""Domain: step 1, special enrollment and life events."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from chassis.kernel import Problem, format_date
from services.enrollment.domain.coverage_effective_date import CoverageEffectiveDate
from services.enrollment.domain.effective_dates import effective_dates
from services.enrollment.domain.rule_pack import Circumstances
from services.enrollment.domain.steps import GeneralStep

# Every window is a matter of days; a date farther away than this is a typing error.
FARTHEST = timedelta(days=730)


def find_invalid(step: GeneralStep, before: GeneralStep, state: str, c: Circumstances) -> Iterator[Problem]:
    if not step.special_enrollment and c.pack.window_on(state, c.today) is None:
        message = "Outside open enrollment this is always a special enrollment; leave the answer at yes."
        yield Problem("special_enrollment", message, "R27")
    if step.special_enrollment and before.life_events and not step.life_events:
        yield Problem("life_events", "Keep at least one life event; add another before you delete this one.", "R30")
    for place, event in enumerate(step.life_events):
        if event.kind not in c.pack.life_events:
            message = "Choose one of the life events that the form offers."
            yield Problem(f"life_events[{place}].kind", message, "R28")
        elif abs(event.date - c.today) > FARTHEST:
            yield Problem(f"life_events[{place}].date", "This date is more than two years away; check the year.", "R28")
        elif (event.kind, event.date) in [(other.kind, other.date) for other in step.life_events[:place]]:
            yield Problem(f"life_events[{place}]", "This life event is already listed. Delete one of the two.", "R29")


def find_incomplete(
    step: GeneralStep, start: CoverageEffectiveDate | None, state: str, c: Circumstances
) -> Iterator[Problem]:
    if step.special_enrollment and not step.life_events:
        yield Problem("life_events", "Add a life event with its date.", "R28")
        yield Problem("effective_date", "Calculate the effective date.", "R28")
        return
    dates = effective_dates(step, state, c)
    if not dates.options:
        yield from (Problem(refusal.field, refusal.explanation, "R28") for refusal in dates.refused)
        return
    if start is None:
        yield Problem("effective_date", "Calculate the effective date.", "R28")
    elif not start.is_among(dates.options):
        message = f"{format_date(start.date)} is no longer possible today. Calculate the effective date again."
        yield Problem("effective_date", message, "R28")
    yield from _unattested(step, start or CoverageEffectiveDate.by(dates.options[0]), c)


def _unattested(step: GeneralStep, start: CoverageEffectiveDate, c: Circumstances) -> Iterator[Problem]:
    """Coverage before is a condition of the event that justifies the date, and of no other (rules.md 3)."""
    for place, event in enumerate(step.life_events):
        rule = c.pack.life_events.get(event.kind)
        asked = rule.prior_coverage if rule else ""
        if asked and start.is_justified_by(event) and not event.prior_coverage_attested:
            field = f"life_events[{place}].prior_coverage_attested"
            yield Problem(field, f"Have the applicant attest, or choose another life event: {asked}", "R28")
