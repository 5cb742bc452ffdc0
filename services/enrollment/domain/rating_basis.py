"""Domain: what the plans of an application are searched and priced with, and what is missing of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from chassis.kernel import InvalidInput, NotReady, Problem
from services.enrollment.domain.application import Application
from services.enrollment.domain.enums import Coverage, FormType
from services.enrollment.domain.pricing import RatedMember, rated_members


@dataclass(frozen=True, slots=True)
class RatingBasis:
    """``coverage``: the plans that were asked for, or that the form needs."""

    state: str
    zip: str
    county_fips: str
    effective_date: date
    members: tuple[RatedMember, ...]
    coverage: Coverage
    date_is_provisional: bool


def rating_basis(app: Application, coverage: Coverage | None, *, field: str = "coverage") -> RatingBasis:
    """Raises NotReady that names every part that is missing, and InvalidInput for medical plans of a dental form.

    ``field``: what says in the request that medical plans are meant.
    """
    dental_form = app.household.form_type is FormType.DENTAL
    if dental_form and coverage is Coverage.MEDICAL:
        message = "A dental application has no medical plan. Choose from the dental plans."
        raise InvalidInput.at(field, message, rule="R38")
    missing = tuple(_missing(app))
    if missing or app.effective_date is None:
        raise NotReady("Plans can be priced once this is known.", problems=missing)
    home = app.household.home_address
    needed = Coverage.DENTAL if dental_form else Coverage.MEDICAL
    members = rated_members(app.household.people)
    return RatingBasis(
        app.state, home.zip5, home.county_fips, app.effective_date, members, coverage or needed, app.start is None
    )


def _missing(app: Application) -> Iterator[Problem]:
    home, people = app.household.home_address, app.household.people
    if app.effective_date is None:
        yield Problem("general.effective_date", "Calculate the effective date.", "R28")
    if not people:
        yield Problem("household.people", "Enter the primary applicant.", "R46")
    for place, person in enumerate(people):
        if person.date_of_birth is None:
            yield Problem(f"household.people[{place}].date_of_birth", "Enter the date of birth.", "R46")
    if not home.zip:
        yield Problem("household.home_address.zip", "Enter the ZIP code.", "R47")
    elif not home.county_fips:
        yield Problem("household.home_address.county_fips", "Choose the county.", "R47")
