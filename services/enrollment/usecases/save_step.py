"""Use case: save one step of a draft (R96); the premium follows (R67)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from chassis.kernel import Caller, Problem, ProblemList, Unavailable
from chassis.kernel.zip_prefixes import states_of_zip
from services.enrollment.domain.application import Application
from services.enrollment.domain.audit_diff import changed_fields
from services.enrollment.domain.checks.people import find_repeated_numbers
from services.enrollment.domain.consents import record_consents, withdraw_outdated_consents
from services.enrollment.domain.empty_entries import find_empty_entries
from services.enrollment.domain.enums import STEP_TITLES
from services.enrollment.domain.notice import Notice
from services.enrollment.domain.premium_change import find_premium_change
from services.enrollment.domain.readiness import find_missing_beside
from services.enrollment.domain.rule_pack import Circumstances
from services.enrollment.domain.step_updates import (
    NOT_SAVED,
    STEP_OF,
    collect_beside,
    must_need_its_pcps,
    refuse_step,
    with_producer,
    with_step,
    with_typed,
)
from services.enrollment.domain.steps import AnyStep, HouseholdStep, PlansStep, Producer
from services.enrollment.usecases.application_service import ApplicationService, ApplicationView
from services.enrollment.usecases.dtos import ZipCounty
from services.enrollment.usecases.pcp_review import PcpReview
from services.enrollment.usecases.ports import EnrollmentUnitOfWork
from services.enrollment.usecases.repricing import Repricing
from services.enrollment.usecases.saves import Save, answer_again
from services.enrollment.usecases.upsert_client import upsert_client


@dataclass(frozen=True, slots=True)
class StepEdit:
    """A step as it was sent. ``producer``: under which writing number the application is, when step 1 says it
    (R22-R26). ``unreadable``: what could not be read of the request, and is not in the step. ``missing_in``: how the
    fields begin that a refusal names as missing, too. ``lacks_wrong``: values out of their bounds were taken out, so
    that an entry that looks empty may not be.
    """

    record_number: str
    version: int
    step: AnyStep
    producer: Producer | None = None
    unreadable: tuple[Problem, ...] = ()
    missing_in: str | None = None
    lacks_wrong: bool = False


@dataclass(frozen=True, slots=True)
class SaveStep:
    service: ApplicationService
    repricing: Repricing
    pcp_review: PcpReview

    def __call__(
        self, caller: Caller, edit: StepEdit, content: str = "", validate_only: bool = False
    ) -> ApplicationView:
        """Raises InvalidInput that names every wrong field. ``content``: a digest of the request; the same save again,
        after its answer was lost, is answered again. ``validate_only``: the application stays as it is.
        """
        service, save = self.service.begin(), Save(caller, edit.record_number, edit.version, content)
        return answer_again(service, save, lambda: self._save(service, save, edit, validate_only))

    def _save(self, service: ApplicationService, save: Save, edit: StepEdit, validate_only: bool) -> ApplicationView:
        caller, record_number, step = save.caller, save.record_number, edit.step
        with service.transactions() as work:
            app = service.find(work, caller, record_number)
            counties: list[ZipCounty] = []
            if isinstance(step, HouseholdStep):
                step = work.applications.with_fingerprints(step)
                zip_code = step.home_address.zip5
                counties = _counties(work, zip_code) if zip_code else []
        c = service.circumstances(app)
        app.must_be_version(save.version)
        app.must_be_open(c.today)
        edit, name = replace(edit, step=step), STEP_OF[type(step)]
        priced, unchecked = self._judge(app, edit, counties, c, service.now(), validate_only)
        priced = record_consents(app, withdraw_outdated_consents(app, priced, name, c.today), caller)
        if validate_only:
            with service.transactions() as work:
                return service.view(app, service.find_missing(work, app))
        with service.transactions() as work:
            known = work.applications.find_known_numbers(priced)
            if priced.producer.writing_number != app.producer.writing_number:
                work.client_reviews.move(record_number, priced.producer.writing_number)
            missing = service.save(work, priced, read_version=save.version, saved=save.mark)
            upsert_client(work, app, priced, service.now())
            changed = changed_fields(app, _without_numbers(priced, known))
            service.record(work, caller.subject, priced, "step.saved", _summary(app, priced, step), changed)
        view = service.view(priced, missing)
        return replace(view, notices=(*view.notices, *unchecked), premium_change=find_premium_change(app, priced))

    def _judge(
        self,
        app: Application,
        edit: StepEdit,
        counties: list[ZipCounty],
        c: Circumstances,
        now: datetime,
        validate_only: bool,
    ) -> tuple[Application, tuple[Notice, ...]]:
        """The application with the step and its premium; raises InvalidInput with all that is wrong with it."""
        problems, step, name = ProblemList(edit.unreadable, NOT_SAVED), edit.step, STEP_OF[type(edit.step)]
        edited = app
        with problems.collect():
            edited = with_producer(app, edit.producer) if edit.producer else app
        with problems.collect():
            step = _in_its_county(step, counties) if isinstance(step, HouseholdStep) else step
        with collect_beside(problems):
            edited = with_step(edited, step, c, now).with_saved(name)
        if problems.found:
            edited = with_typed(edited, step, {problem.field for problem in problems.found})
            problems.add(find_repeated_numbers(edited.household.people))
        if not edit.lacks_wrong:
            problems.add(find_empty_entries(app, edited, step, {problem.field for problem in problems.found}, c))
        unchecked: tuple[Notice, ...] = ()
        if not problems.found or isinstance(step, PlansStep):
            try:
                with problems.collect():
                    edited = self.repricing.refresh(app, edited, name, c.today)
                    unchecked = self._check_providers(edited, step, problems)
            except Unavailable:  # what is wrong already can be told without the others
                if not problems.found:
                    raise
        if edit.missing_in is not None and (problems.found or validate_only):
            missing = find_missing_beside(edited, name, problems.found, c)
            problems.add(one for one in missing if one.field.startswith(edit.missing_in))
        problems.close()
        return edited, unchecked

    def _check_providers(self, priced: Application, step: AnyStep, problems: ProblemList) -> tuple[Notice, ...]:
        if not isinstance(step, PlansStep):
            return ()
        with problems.collect():
            must_need_its_pcps(priced)
        return self.pcp_review.refuse_misfits(priced)


def _without_numbers(app: Application, known: set[str]) -> Application:
    """For the timeline: a number that came in again is no change."""
    people = tuple(replace(one, ssn="") if one.person_id in known else one for one in app.household.people)
    return replace(app, household=replace(app.household, people=people)) if known else app


def _counties(work: EnrollmentUnitOfWork, zip_code: str) -> list[ZipCounty]:
    """Of a ZIP that the list lacks (the post office makes new ones): every county of the states it may belong to."""
    return work.places.counties(zip_code) or work.places.counties_in(states_of_zip(zip_code))


def _in_its_county(step: HouseholdStep, counties: list[ZipCounty]) -> HouseholdStep:
    """Fill state and county from the ZIP where it leaves no choice; refuse what does not fit it (R47, R52)."""
    home = step.home_address
    if not home.zip:
        return step
    if problem := _misfit(step, counties):
        refuse_step([problem])
    fitting = [county for county in counties if home.state in ("", county.state)]
    if home.county_fips:
        fitting = [county for county in fitting if county.fips == home.county_fips]
    if len(fitting) > 1:
        return step
    [county] = fitting
    filled = replace(home, state=county.state, county_fips=county.fips, county_name=county.name)
    return replace(step, home_address=filled)


def _misfit(step: HouseholdStep, counties: list[ZipCounty]) -> Problem | None:
    home = step.home_address
    in_state = [county for county in counties if home.state in ("", county.state)]
    if not counties:
        return Problem(
            "home_address.zip", "This ZIP code is not in a state that we serve. Check its five digits.", "R47"
        )
    if not in_state:
        return Problem(
            "home_address.zip", "This ZIP code is not in the state that was given. Correct one of them.", "R52"
        )
    if home.county_fips and home.county_fips not in [county.fips for county in in_state]:
        return Problem("home_address.county_fips", "This county is not in the ZIP code. Choose one that is.", "R52")
    return None


def _summary(before: Application, after: Application, step: AnyStep) -> str:
    """For the timeline, so without what was typed."""
    premium = " The premium changed." if before.monthly_premium != after.monthly_premium else ""
    return f"{STEP_TITLES[STEP_OF[type(step)]]} saved.{premium}"
