"""What a submitted application has to have, said a second time and apart from the service's own judgement.

Deliberately short: the parts without which nobody could be insured. The service may ask for more, never for less.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from services.enrollment.domain.application import Application
from services.enrollment.domain.enums import Authorization, Coverage, FormType, Relationship


def lacks(app: Application, today: date) -> list[str]:
    return [*_lacks_people(app), *_lacks_plans(app), *_lacks_consent(app, today)]


def _lacks_people(app: Application) -> Iterator[str]:
    people, home = app.household.people, app.household.home_address
    if [one.relationship for one in people].count(Relationship.SELF) != 1:
        yield "one primary applicant"
    if [one.relationship for one in people].count(Relationship.SPOUSE) > 1 or len(people) > 20:
        yield "a household of lawful size"
    for one in people:
        if not (one.first_name and one.last_name and one.date_of_birth and one.sex):
            yield "names, birth date and sex of everybody"
    if not (home.street and home.city and home.zip and home.county_fips and home.state == app.state):
        yield "a whole home address in the producer's state"
    if not app.household.contact.phone:
        yield "a phone number"


def _lacks_plans(app: Application) -> Iterator[str]:
    needed = Coverage.MEDICAL if app.household.form_type is FormType.MEDICAL_DENTAL else Coverage.DENTAL
    chosen = {plan for plan in (app.plans.medical_plan_id, app.plans.dental_plan_id) if plan}
    if needed not in [line.coverage for line in app.plan_lines] or chosen != {line.plan_id for line in app.plan_lines}:
        yield "a price for each chosen plan"
    for line in app.plan_lines:
        if [one.member_index for one in line.members] != list(range(len(app.household.people))):
            yield "a price for everybody"


def _lacks_consent(app: Application, today: date) -> Iterator[str]:
    kinds = {one.kind for one in app.acceptances}
    if app.start is None:
        yield "a calculated effective date"
        return
    if app.general.special_enrollment and not app.general.life_events:
        yield "a life event"
    if app.household.authorization is None or app.signatures.payment_choice is None:
        yield "authorization and payment choice"
    if app.household.authorization is Authorization.IN_PERSON and "terms" not in kinds:
        yield "accepted terms"
    ages = [one.age_on(app.start.date) for one in app.household.people]
    signing = [one.age_on(today) for one in app.household.people]
    if all(age is not None and age < 18 for age in signing) and app.signatures.guardian is None:
        yield "a guardian"
    young = any(age is not None and age < 19 for age in ages)
    if young and app.plans.medical_plan_id and not app.plans.dental_plan_id and "pediatric-dental" not in kinds:
        yield "dental coverage for the children"
    if any(line.consumer_choice_disclosure for line in app.plan_lines) and "consumer-choice" not in kinds:
        yield "the consumer choice disclosure"
    if app.other_coverage.replaces_coverage and "replacement-rights" not in kinds:
        yield "the notice about replaced coverage"
    if app.expires_on and app.expires_on < today:
        yield "a draft that has not expired"
