"""Domain: replacing one step of a draft. What is given has to be sound; what is missing may stay missing (R96)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from chassis.kernel import InvalidInput, NotReady, Problem
from services.enrollment.domain.application import Application
from services.enrollment.domain.checks import general, household, other_coverage, plans, signatures
from services.enrollment.domain.effective_dates import effective_dates
from services.enrollment.domain.people import moves, settle
from services.enrollment.domain.pricing import PlanLine
from services.enrollment.domain.rule_pack import Circumstances
from services.enrollment.domain.start import CoverageStart
from services.enrollment.domain.steps import (
    AnyStep,
    GeneralStep,
    HouseholdStep,
    OtherCoverageStep,
    PlansStep,
    SignaturesStep,
)
from services.enrollment.domain.vocabulary import Step

STEP_OF: dict[type, Step] = {
    GeneralStep: Step.GENERAL,
    HouseholdStep: Step.HOUSEHOLD,
    PlansStep: Step.PLANS,
    OtherCoverageStep: Step.OTHER_COVERAGE,
    SignaturesStep: Step.SIGNATURES,
}


def with_step(app: Application, step: AnyStep, c: Circumstances, now: datetime) -> Application:
    """The application with one step replaced; raises InvalidInput that names every unsound field of it."""
    match step:
        case GeneralStep():
            return _with_general(app, step, c, now)
        case HouseholdStep():
            return _with_household(app, step, c, now)
        case PlansStep():
            _refuse(plans.unsound(step, app.household, app.state, c))
            return app.changed(now, plans=step)
        case OtherCoverageStep():
            _refuse(other_coverage.unsound(step, len(app.household.people)))
            return app.changed(now, other_coverage=step)
        case SignaturesStep():
            _refuse(signatures.unsound(step))
            return app.changed(now, signatures=step)


def with_date(app: Application, wanted: date | None, c: Circumstances, now: datetime) -> Application:
    """ "Calculate Effective Date" (R28): the wanted date, or the earliest possible one."""
    if app.general.special_enrollment and not app.general.life_events:
        problem = Problem("life_events", "Add a life event with its date, then calculate.", "R28")
        raise NotReady(problem.message, problems=(problem,))
    dates = effective_dates(app.general, app.state, c)
    if not dates.options:
        raise NotReady(
            "No life event gives an effective date.",
            problems=tuple(
                Problem(
                    "special_enrollment" if r.place is None else f"life_events[{r.place}].date", r.explanation, "R28"
                )
                for r in dates.refused
            ),
        )
    option = dates.on(wanted) if wanted else dates.options[0]
    if option is None:
        raise InvalidInput.at("effective_date", "Choose one of the dates that are offered.", rule="R28")
    return app.changed(now, start=CoverageStart.by(option))


def must_need_its_pcps(app: Application) -> None:
    """R68; known once the plan is priced."""
    _refuse(plans.needless_pcps(app.plans, app.plan_lines))


def with_lines(app: Application, lines: tuple[PlanLine, ...]) -> Application:
    """The plans as they were priced just now, for the basis that the application has just now."""
    return replace(app, plan_lines=lines)


def _with_general(app: Application, step: GeneralStep, c: Circumstances, now: datetime) -> Application:
    _refuse(general.unsound(step, app.general, app.state, c))
    start = app.start if step == app.general else None  # R32
    if not step.special_enrollment:
        options = effective_dates(step, app.state, c).options
        start = CoverageStart.by(options[0]) if options else None  # R33a
    return app.changed(now, general=step, start=start)


def _with_household(app: Application, step: HouseholdStep, c: Circumstances, now: datetime) -> Application:
    locked_form = app.household.form_type if app.quote_id else None
    _refuse(household.unsound(step, locked_form, app.producer, c))
    before = app.household.people
    settled = replace(step, form_type=step.form_type or locked_form, people=settle(before, step.people))
    places = moves(before, settled.people)
    return app.changed(
        now,
        household=settled,
        plans=app.plans.moved(places).on_form(settled.form_type),
        other_coverage=app.other_coverage.moved(places),
    )


def _refuse(found: Iterable[Problem]) -> None:
    problems = tuple(found)
    if problems:
        raise InvalidInput("Some fields need to be corrected. Nothing was saved.", problems=problems)
