"""Use case: save one step of a draft (R96); the premium follows (R67)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from chassis.kernel import Caller, InvalidInput, Problem
from services.enrollment.domain.application import Application
from services.enrollment.domain.changes import changed_fields
from services.enrollment.domain.editing import STEP_OF, must_need_its_pcps, with_step
from services.enrollment.domain.steps import AnyStep, HouseholdStep, PlansStep, Producer
from services.enrollment.usecases.desk import ApplicationView, Desk
from services.enrollment.usecases.records import ZipCounty
from services.enrollment.usecases.repricing import Repricing


@dataclass(frozen=True, slots=True)
class SaveStep:
    desk: Desk
    repricing: Repricing

    def __call__(
        self, caller: Caller, record_number: str, version: int, step: AnyStep, producer: Producer | None = None
    ) -> ApplicationView:
        """``producer``: what was sent for the locked producer of step 1; only the stored one is accepted (R22)."""
        with self.desk.transactions() as work:
            app = self.desk.find(work, caller, record_number)
            zip_code = step.home_address.zip if isinstance(step, HouseholdStep) else ""
            counties = work.places.counties(zip_code) if zip_code else []
        c = self.desk.circumstances(app)
        app.must_be_version(version)
        app.must_be_open(c.today)
        _must_be_the_same(producer, app)
        if isinstance(step, HouseholdStep):
            step = _in_its_county(step, counties)
        edited = with_step(app, step, c, self.desk.now())
        priced = self.repricing.refresh(app, edited, STEP_OF[type(step)])
        if isinstance(step, PlansStep):
            must_need_its_pcps(priced)
        with self.desk.transactions() as work:
            view = self.desk.save(work, priced, read_version=version)
            changed = changed_fields(app, priced)
            self.desk.record(work, caller.subject, priced, "step.saved", _summary(app, priced, step), changed)
        return view


def _must_be_the_same(producer: Producer | None, app: Application) -> None:
    if producer and producer.writing_number != app.producer.writing_number:
        message = "The producer is fixed. To change it, start a new application or a new quote."
        raise InvalidInput.at("producer.writing_number", message, rule="R22")


def _in_its_county(step: HouseholdStep, counties: list[ZipCounty]) -> HouseholdStep:
    """Fill state and county from the ZIP where it leaves no choice; refuse what does not fit it (R47, R52)."""
    home = step.home_address
    if not home.zip:
        return step
    problem = _misfit(step, counties)
    if problem:
        raise InvalidInput("Some fields need to be corrected. Nothing was saved.", problems=(problem,))
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
        return Problem("home_address.zip", "This ZIP code is in none of our states. Check its five digits.", "R47")
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
    return f"Step {STEP_OF[type(step)].replace('_', ' ')} saved.{premium}"
