"""Domain: what another rule pack would change for a draft. Names fields and dates of coverage, nothing personal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from services.enrollment.domain.application import Application
from services.enrollment.domain.effective_dates import effective_dates
from services.enrollment.domain.readiness import find_issues
from services.enrollment.domain.rule_pack import Circumstances


@dataclass(frozen=True, slots=True)
class DraftEvaluation:
    """What one pack says of a draft today."""

    # The chosen date while it is offered, or else the default; None: no date can be had.
    effective_date: date | None
    # Every date that is offered, with the life event that gives it.
    offered: frozenset[tuple[date, str]]
    # "household.people[0].tobacco_use": what stands between the draft and its submission.
    missing: frozenset[str]


def evaluate_draft(app: Application, c: Circumstances) -> DraftEvaluation:
    found = effective_dates(app.general, app.state, c)
    options, default = found.options, found.default
    kept = app.start if app.start and app.start.is_among(options) else None
    return DraftEvaluation(
        kept.date if kept else (default.effective_date if default else None),
        frozenset((option.effective_date, option.life_event) for option in options),
        frozenset(one.problem.field for one in find_issues(app, c)),
    )


@dataclass(frozen=True, slots=True)
class DraftDifference:
    """Of one draft under two packs; ``before`` is the one that it is judged by now."""

    record_number: str
    state: str
    rule_pack: str
    before: DraftEvaluation
    after: DraftEvaluation

    @property
    def date_changes(self) -> bool:
        return self.before.effective_date != self.after.effective_date

    @property
    def newly_asked(self) -> list[str]:
        return sorted(self.after.missing - self.before.missing)

    @property
    def no_longer_asked(self) -> list[str]:
        return sorted(self.before.missing - self.after.missing)

    @property
    def eligibility_changes(self) -> bool:
        """Whether dates are offered that were not, or no longer."""
        return self.before.offered != self.after.offered


def compare_draft(app: Application, now: Circumstances, then: Circumstances) -> DraftDifference | None:
    """None when both packs say the same."""
    before, after = evaluate_draft(app, now), evaluate_draft(app, then)
    return None if before == after else DraftDifference(app.record_number, app.state, app.rule_pack, before, after)
