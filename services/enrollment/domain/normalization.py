"""Domain: what a saved household brings along: versions of texts, sets of categories, answers that no longer show."""

from __future__ import annotations

from dataclasses import replace

from services.enrollment.domain.application import Application
from services.enrollment.domain.checks import signatures
from services.enrollment.domain.consents import with_consent_versions
from services.enrollment.domain.enums import Authorization
from services.enrollment.domain.people import Person
from services.enrollment.domain.rule_pack import Circumstances
from services.enrollment.domain.steps import HouseholdStep


def in_scheme(person: Person, c: Circumstances) -> Person:
    """Answers without a set of categories are of the one that is offered now."""
    given = person.self_identification
    if given is None or given.scheme:
        return person
    return replace(person, self_identification=replace(given, scheme=c.pack.identity_schemes[-1].scheme))


def with_recorded_versions(step: HouseholdStep, c: Circumstances) -> HouseholdStep:
    """With the versions under which acceptances are recorded, and the set of categories of answers."""
    in_person = step.authorization is Authorization.IN_PERSON
    return replace(
        step,
        terms_version=step.terms_version if in_person else "",
        contact=with_consent_versions(step.contact, c.pack),
        people=tuple(
            replace(person, contact=with_consent_versions(person.contact, c.pack)) if person.contact else person
            for person in step.people
        ),
    )


def without_what_no_longer_shows(app: Application, c: Circumstances) -> Application:
    """Without answers to questions that this household or form is not asked (R58, R78, R81)."""
    if start := app.effective_date:
        people = tuple(person.asked_from(c.pack.tobacco_age, start) for person in app.household.people)
        app = replace(app, household=replace(app.household, people=people))
    if not app.shows_replacement(c.pack):
        app = replace(app, other_coverage=app.other_coverage.without_replacement())
    if app.signatures.guardian and signatures.covers_adults(app.household.people, c.today):
        app = replace(app, signatures=replace(app.signatures, guardian=None))
    return app
