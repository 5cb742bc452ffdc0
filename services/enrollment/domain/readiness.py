"""Domain: what submission would refuse. The one judgement that both readiness and submission go by."""

from __future__ import annotations

from collections.abc import Sequence

from services.enrollment.domain.application import Application
from services.enrollment.domain.checks import general, household, other_coverage, plans, signatures
from services.enrollment.domain.rule_pack import Circumstances
from services.enrollment.domain.shortcoming import Shortcoming
from services.enrollment.domain.vocabulary import Step


def shortcomings(app: Application, c: Circumstances) -> tuple[Shortcoming, ...]:
    """Everything that is missing or, by today's rules, wrong; in the order of the steps, once for each field."""
    people = app.household.people
    day, lines = app.effective_date, app.plan_lines
    shows_replacement = app.shows_replacement(c.pack)
    found = [
        *Shortcoming.of(Step.GENERAL, general.unsound(app.general, app.general, app.state, c)),
        *Shortcoming.of(Step.GENERAL, general.lacking(app.general, app.start, app.state, c)),
        *Shortcoming.of(Step.HOUSEHOLD, household.unsound(app.household, None, app.producer, day, c)),
        *Shortcoming.of(Step.HOUSEHOLD, household.lacking(app.household, day, c)),
        *Shortcoming.of(Step.PLANS, plans.unsound(app.plans, app.household, app.state, c)),
        *Shortcoming.of(Step.PLANS, plans.lacking(app.plans, app.household, lines, day)),
        *Shortcoming.of(
            Step.OTHER_COVERAGE, other_coverage.unsound(app.other_coverage, len(people), shows_replacement, c)
        ),
        *Shortcoming.of(Step.OTHER_COVERAGE, other_coverage.lacking(app.other_coverage)),
        *Shortcoming.of(Step.SIGNATURES, signatures.unsound(app.signatures, people, lines, c)),
        *Shortcoming.of(Step.SIGNATURES, signatures.lacking(app.signatures, people, lines, c)),
    ]
    return tuple({(one.step, one.field): one for one in reversed(found)}.values())[::-1]


def current_step(missing: Sequence[Shortcoming]) -> Step:
    """The first step that lacks something; the last one when nothing does."""
    steps = {one.step for one in missing}
    return next((step for step in Step if step in steps), Step.SIGNATURES)
