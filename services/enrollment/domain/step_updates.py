"""Domain: replacing one step of a draft. What is given has to be sound; what is missing may stay missing (R96)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from chassis.kernel import Conflict, InvalidInput, NotReady, Problem, ProblemList
from services.enrollment.domain.application import Application
from services.enrollment.domain.checks import general, household, other_coverage, plans, signatures
from services.enrollment.domain.checks.people import find_repeated_numbers
from services.enrollment.domain.consents import consent_version
from services.enrollment.domain.coverage_effective_date import CoverageEffectiveDate
from services.enrollment.domain.effective_dates import DateChoice, effective_dates
from services.enrollment.domain.enums import Step
from services.enrollment.domain.normalization import in_scheme, with_recorded_versions, without_what_no_longer_shows
from services.enrollment.domain.person_matching import (
    find_moved_positions,
    match_people,
    place_answers,
    resolve_positions,
    with_stored_numbers,
)
from services.enrollment.domain.pricing import PlanLine
from services.enrollment.domain.rule_pack import Circumstances
from services.enrollment.domain.steps import (
    AnyStep,
    GeneralStep,
    HouseholdStep,
    LifeEvent,
    OtherCoverageStep,
    PcpChoice,
    PlansStep,
    Producer,
    SignaturesStep,
)
from services.enrollment.domain.texts import TextKind

STEP_OF: dict[type, Step] = {
    GeneralStep: Step.GENERAL,
    HouseholdStep: Step.HOUSEHOLD,
    PlansStep: Step.PLANS,
    OtherCoverageStep: Step.OTHER_COVERAGE,
    SignaturesStep: Step.SIGNATURES,
}


# Of a save that was refused: searches are refused in other words.
NOT_SAVED = "Some fields need to be corrected. Nothing was saved."


@contextmanager
def collect_beside(problems: ProblemList) -> Iterator[None]:
    """As ``problems.collect``; what a conflict says of fields is kept beside what else is wrong, and raised alone.

    Who a person is, is judged by names, birth date and number together: not while one of them is wrong.
    """
    try:
        with problems.collect():
            yield
    except Conflict as refusal:
        if not problems.found:
            raise
        known = [problem.field for problem in problems.found]
        parts = {one.field for one in refusal.problems if any(field.startswith(f"{one.field}.") for field in known)}
        problems.add(one for one in refusal.problems if one.field not in parts)


def refuse_step(found: Iterable[Problem]) -> None:
    """Raises InvalidInput where something was found."""
    if problems := tuple(found):
        raise InvalidInput(NOT_SAVED, problems=problems)


def with_step(app: Application, step: AnyStep, c: Circumstances, now: datetime) -> Application:
    """The application with one step replaced; raises InvalidInput that names every invalid field of it."""
    match step:
        case GeneralStep():
            return _with_general(app, step, c, now)
        case HouseholdStep():
            return _with_household(app, step, c, now)
        case PlansStep():
            return _with_plans(app, step, c, now)
        case OtherCoverageStep():
            return _with_other_coverage(app, step, c, now)
        case SignaturesStep():
            refuse_step(signatures.find_invalid(step, app.household.people, app.plan_lines, c))
            agreed = step.consumer_choice_agreed
            version = consent_version(step.consumer_choice_version, TextKind.CONSUMER_CHOICE, c.pack, given=agreed)
            return app.changed(now, signatures=replace(step, consumer_choice_version=version))


def with_typed(app: Application, step: AnyStep, wrong: Collection[str]) -> Application:
    """The application with a step that was refused, so that all that is wrong with it can be told; never saved.

    ``wrong``: the fields that are known to be.
    """
    match step:
        case GeneralStep():
            return replace(app, general=step, start=app.start if step.dates_like(app.general) else None)
        case HouseholdStep():
            people = with_stored_numbers(app.household.people, step.people)
            form_type = step.form_type or app.household.form_type
            return replace(app, household=replace(step, people=people, form_type=form_type))
        case PlansStep():
            placed = place_answers(step.pcp_choices, app.household.people)
            choices = tuple(_without_wrong(f"pcp_choices[{place}].", one, wrong) for place, one in enumerate(placed))
            return replace(app, plans=replace(step, pcp_choices=choices))
        case OtherCoverageStep():
            return replace(app, other_coverage=step)
        case SignaturesStep():
            return replace(app, signatures=step)


def _without_wrong(prefix: str, choice: PcpChoice, wrong: Collection[str]) -> PcpChoice:
    """What pcp need not judge."""
    return replace(
        choice,
        pcp_id="" if f"{prefix}pcp_id" in wrong else choice.pcp_id,
        medical_group_id="" if f"{prefix}medical_group_id" in wrong else choice.medical_group_id,
    )


def with_producer(app: Application, producer: Producer) -> Application:
    """Under another writing number; fixed by a quote (R22), and good in the home address's state alone (R26)."""
    if producer.writing_number == app.producer.writing_number:
        return app
    if app.quote_id:
        message = "The quote fixed the producer. To change it, start a new quote or a new enrollment."
        raise InvalidInput.at("producer.writing_number", message, rule="R22")
    home = app.household.home_address.state
    if home and home != producer.state:
        message = (
            f"This writing number is for {producer.state}, and the home address is in {home}. "
            f"Choose a number for {home}, or change the home address."
        )
        raise InvalidInput.at("producer.writing_number", message, rule="R26")
    moved = replace(app, producer=producer)
    return moved if producer.state == app.producer.state else replace(moved, start=None)


def with_date(app: Application, wanted: DateChoice, c: Circumstances, now: datetime) -> Application:
    """ "Calculate Effective Date" (R28): the wanted date by the wanted event, or the default."""
    if app.general.special_enrollment and not app.general.life_events:
        problem = Problem("life_events", "Add a life event with its date, then calculate.", "R28")
        raise NotReady(problem.message, problems=(problem,))
    dates = effective_dates(app.general, app.state, c)
    if not dates.options:
        raise NotReady(
            "No life event gives an effective date.",
            problems=tuple(Problem(refusal.field, refusal.explanation, "R28") for refusal in dates.refused),
        )
    option = dates.chosen(wanted)
    if option is None:
        raise _no_such_option(app.general, wanted)
    return without_what_no_longer_shows(app.changed(now, start=CoverageEffectiveDate.by(option)), c)


def _no_such_option(general: GeneralStep, wanted: DateChoice) -> InvalidInput:
    if not wanted.names_event:
        return InvalidInput.at("effective_date", "Choose one of the dates that are offered.", rule="R28")
    if not general.special_enrollment:
        message = "Open enrollment sets the date here. Remove the life event."
    elif not any(wanted.is_of(event.kind, event.date) for event in general.life_events):
        message = "This life event is not on the application. Choose one that is, or leave it out."
    else:
        message = (
            "This life event does not give this date. Choose a date that is offered for it, or another life event."
        )
    return InvalidInput.at("life_event", message, rule="R29")


def must_need_its_pcps(app: Application) -> None:
    """R68; known once the plan is priced."""
    refuse_step(plans.needless_pcps(app.plans, app.plan_lines))


def with_lines(app: Application, lines: tuple[PlanLine, ...]) -> Application:
    """The plans as they were priced just now, for the basis that the application has just now."""
    return replace(app, plan_lines=lines)


def _with_general(app: Application, step: GeneralStep, c: Circumstances, now: datetime) -> Application:
    refuse_step(general.find_invalid(step, app.general, app.state, c))
    step = replace(step, life_events=tuple(_as_asked(event, c) for event in step.life_events))
    start = app.start if step.dates_like(app.general) else None  # R32
    if not step.special_enrollment:
        options = effective_dates(step, app.state, c).options
        start = CoverageEffectiveDate.by(options[0]) if options else None  # R33a
    # until it is calculated again the plans stay priced for the date of before, as those of a quote are (R33a)
    provisional = app.start.date if app.start and start is None else app.provisional_date
    edited = app.changed(now, general=step, start=start, provisional_date=provisional)
    return without_what_no_longer_shows(edited, c)


def _as_asked(event: LifeEvent, c: Circumstances) -> LifeEvent:
    """Without an attestation that nobody asked for."""
    return event if c.pack.life_events[event.kind].prior_coverage else replace(event, prior_coverage_attested=False)


def _with_household(app: Application, step: HouseholdStep, c: Circumstances, now: datetime) -> Application:
    locked_form = app.household.form_type if app.quote_id else None
    step = replace(step, people=tuple(in_scheme(person, c) for person in step.people))
    problems = ProblemList(household.find_invalid(step, locked_form, app.producer, app.effective_date, c), NOT_SAVED)
    before = app.household.people
    settled = with_recorded_versions(replace(step, form_type=step.form_type or locked_form), c)
    with collect_beside(problems):
        settled = replace(settled, people=match_people(before, settled.people))
        problems.add(find_repeated_numbers(settled.people))
    problems.close()
    places = find_moved_positions(before, settled.people)
    edited = app.changed(
        now,
        household=settled,
        plans=app.plans.moved(places).on_form(settled.form_type),
        other_coverage=app.other_coverage.moved(places),
    )
    return without_what_no_longer_shows(edited, c)


def _with_plans(app: Application, step: PlansStep, c: Circumstances, now: datetime) -> Application:
    step = replace(step, pcp_choices=resolve_positions("pcp_choices", step.pcp_choices, app.household.people))
    refuse_step(plans.find_invalid(step, app.household, app.state, c))
    given, sent = step.pediatric_dental_attested, step.pediatric_dental_version
    version = consent_version(sent, TextKind.PEDIATRIC_DENTAL, c.pack, given=given)
    return app.changed(now, plans=replace(step, pediatric_dental_version=version))


def _with_other_coverage(app: Application, step: OtherCoverageStep, c: Circumstances, now: datetime) -> Application:
    people = app.household.people
    step = replace(
        step,
        replaced=resolve_positions("replaced", step.replaced, people),
        others=resolve_positions("others", step.others, people),
    )
    refuse_step(other_coverage.find_invalid(step, len(people), app.shows_replacement(c.pack), c))
    # the notice is about coverage that is replaced; where none is, nothing was shown
    shown = step.replacement_rights_shown and step.replaces_coverage
    rights = consent_version(step.replacement_rights_version, TextKind.REPLACEMENT_RIGHTS, c.pack, given=shown)
    proxy = consent_version(step.proxy_version, TextKind.PROXY, c.pack, given=step.proxy_agreed)
    recorded = replace(step, replacement_rights_shown=shown, replacement_rights_version=rights, proxy_version=proxy)
    return app.changed(now, other_coverage=recorded)
