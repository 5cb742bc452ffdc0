"""Domain: what submission would refuse. The one judgement that both readiness and submission use."""

from __future__ import annotations

from collections.abc import Sequence

from services.enrollment.domain.application import Application
from services.enrollment.domain.checks import general, household, other_coverage, plans, signatures
from services.enrollment.domain.enums import Authorization, Step
from services.enrollment.domain.review_signing import find_review_gaps
from services.enrollment.domain.rule_pack import Circumstances
from services.enrollment.domain.validation_issue import ValidationIssue


def find_issues(app: Application, c: Circumstances) -> tuple[ValidationIssue, ...]:
    """Everything that is missing or, by today's rules, wrong; in the order of the steps, once for each field."""
    people = app.household.people
    day, lines = app.effective_date, app.plan_lines
    shows_replacement = app.shows_replacement(c.pack)
    found = [
        *ValidationIssue.of(Step.GENERAL, general.find_invalid(app.general, app.general, app.state, c)),
        *ValidationIssue.of(Step.GENERAL, general.find_incomplete(app.general, app.start, app.state, c)),
        *ValidationIssue.of(Step.HOUSEHOLD, household.find_invalid(app.household, None, app.producer, day, c)),
        *ValidationIssue.of(Step.HOUSEHOLD, household.find_incomplete(app.household, day, c)),
        *ValidationIssue.of(Step.PLANS, plans.find_invalid(app.plans, app.household, app.state, c)),
        *ValidationIssue.of(Step.PLANS, plans.find_incomplete(app.plans, app.household, lines, day)),
        *ValidationIssue.of(
            Step.OTHER_COVERAGE, other_coverage.find_invalid(app.other_coverage, len(people), shows_replacement, c)
        ),
        *ValidationIssue.of(Step.OTHER_COVERAGE, other_coverage.find_incomplete(app.other_coverage)),
        *ValidationIssue.of(Step.SIGNATURES, signatures.find_invalid(app.signatures, people, lines, c)),
        *ValidationIssue.of(Step.SIGNATURES, signatures.find_incomplete(app.signatures, people, lines, c)),
        *(find_review_gaps(app) if app.household.authorization is Authorization.CLIENT_REVIEW else ()),
    ]
    return tuple({(one.step, one.field): one for one in reversed(found)}.values())[::-1]


def current_step(missing: Sequence[ValidationIssue]) -> Step:
    """The first step that lacks something; the last one when nothing does."""
    steps = {one.step for one in missing}
    return next((step for step in Step if step in steps), Step.SIGNATURES)
