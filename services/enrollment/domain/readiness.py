"""Domain: what submission would refuse. The one judgement that both readiness and submission use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from chassis.kernel import Problem
from services.enrollment.domain.application import Application
from services.enrollment.domain.checks import general, household, other_coverage, plans, signatures
from services.enrollment.domain.enums import Authorization, Step
from services.enrollment.domain.review_signing import find_review_gaps
from services.enrollment.domain.rule_pack import Circumstances
from services.enrollment.domain.validation_issue import ValidationIssue


def find_issues(
    app: Application, c: Circumstances, out_of_bounds: Iterable[ValidationIssue] = ()
) -> tuple[ValidationIssue, ...]:
    """Everything that is missing or, by today's rules, wrong; in the order of the steps, once for each field.

    ``out_of_bounds``: what the contract would not take any more.
    """
    found: list[ValidationIssue] = []
    bounded = list(out_of_bounds)
    for step in Step:
        found += (one for one in bounded if one.step is step)
        found += ValidationIssue.of(step, find_invalid(app, step, c))
        found += ValidationIssue.of(step, find_incomplete(app, step, c))
    found += find_review_gaps(app) if app.household.authorization is Authorization.CLIENT_REVIEW else ()
    return tuple({(one.step, one.field): one for one in reversed(found)}.values())[::-1]


def find_invalid(app: Application, step: Step, c: Circumstances) -> Iterator[Problem]:
    """What is wrong with one step."""
    people, lines = app.household.people, app.plan_lines
    match step:
        case Step.GENERAL:
            return general.find_invalid(app.general, app.general, app.state, c)
        case Step.HOUSEHOLD:
            return household.find_invalid(app.household, None, app.producer, app.effective_date, c)
        case Step.PLANS:
            return plans.find_invalid(app.plans, app.household, app.state, c)
        case Step.OTHER_COVERAGE:
            return other_coverage.find_invalid(app.other_coverage, len(people), app.shows_replacement(c.pack), c)
        case Step.SIGNATURES:
            return signatures.find_invalid(app.signatures, people, lines, c)


def find_incomplete(app: Application, step: Step, c: Circumstances) -> Iterator[Problem]:
    """What one step lacks."""
    people, lines = app.household.people, app.plan_lines
    match step:
        case Step.GENERAL:
            return general.find_incomplete(app.general, app.start, app.state, c)
        case Step.HOUSEHOLD:
            return household.find_incomplete(app.household, app.effective_date, c)
        case Step.PLANS:
            return plans.find_incomplete(app.plans, app.household, lines, app.effective_date)
        case Step.OTHER_COVERAGE:
            return other_coverage.find_incomplete(app.other_coverage)
        case Step.SIGNATURES:
            return signatures.find_incomplete(app.signatures, people, lines, c)


def find_missing_beside(app: Application, step: Step, wrong: Sequence[Problem], c: Circumstances) -> list[Problem]:
    """What one step lacks besides what is wrong with it; ``app`` has the step as it was typed.

    What follows from a wrong answer is not missing: dates come from life events, and the county from the ZIP code.
    """
    fields = {problem.field for problem in wrong}
    if any(field.startswith("life_events") for field in fields):
        return []
    no_zip = "home_address.zip" in fields or not app.household.home_address.zip
    follows = {"home_address.county_fips"} if no_zip else set()
    return [one for one in find_incomplete(app, step, c) if one.field not in fields | follows]


def current_step(missing: Sequence[ValidationIssue]) -> Step:
    """The first step that lacks something; the last one when nothing does."""
    steps = {one.step for one in missing}
    return next((step for step in Step if step in steps), Step.SIGNATURES)


def next_step(missing: Sequence[ValidationIssue]) -> Step | None:
    """Where to go on; None where only what no step asks for is missing: the client's review (R39)."""
    return None if missing and not any(one.step for one in missing) else current_step(missing)
