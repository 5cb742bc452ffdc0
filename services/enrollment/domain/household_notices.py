"""Domain: what is unusual about the people of an application and still can be so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from chassis.kernel import format_date
from services.enrollment.domain.application import Application
from services.enrollment.domain.dates import age_on
from services.enrollment.domain.enums import Relationship, Step
from services.enrollment.domain.household_rule import HouseholdRule, JoiningPerson
from services.enrollment.domain.notice import Notice
from services.enrollment.domain.people import Person
from services.enrollment.domain.rule_pack import Circumstances


def household_notices(app: Application, c: Circumstances) -> Iterator[Notice]:
    people, rule = app.household.people, c.pack.household
    day, married = app.effective_date or c.today, any(one.relationship is Relationship.SPOUSE for one in people)
    for index, person in enumerate(people):
        name, message = _called(person, index), ""
        if person.relationship is Relationship.CHILD:
            message = _old_child(name, person, people[0], rule)
        elif person.relationship is Relationship.OTHER_DEPENDENT:
            message = _grown_dependent(name, person, day, rule)
        elif married:
            message = _young_spouse(name, person, day, rule)
        if message:
            yield Notice(Step.HOUSEHOLD, f"people[{index}].date_of_birth", message, "R61c")
    if people and app.general.special_enrollment:
        yield from _nobody_joined(app, rule)


def _old_child(name: str, child: Person, applicant: Person, rule: HouseholdRule) -> str:
    if not (child.date_of_birth and applicant.date_of_birth):
        return ""
    if age_on(applicant.date_of_birth, child.date_of_birth) >= rule.parent_years:
        return ""
    older = child.date_of_birth < applicant.date_of_birth
    how = "is older than" if older else f"is less than {rule.parent_years} years younger than"
    return (
        f"{name}, a child, {how} the primary applicant. This may be right for a stepchild; otherwise correct one of "
        "the birth dates."
    )


def _young_spouse(name: str, spouse: Person, day: date, rule: HouseholdRule) -> str:
    age = spouse.age_on(day)
    if age is None or not rule.spouse_from <= age < rule.spouse_of_age:
        return ""
    return (
        f"{name}, who is married, is {age} on {format_date(day)}. Under {rule.spouse_of_age} a marriage needs the "
        "consent of a parent or a court: check the birth date and the relationship."
    )


def _grown_dependent(name: str, person: Person, day: date, rule: HouseholdRule) -> str:
    age = person.age_on(day)
    if age is None or age < rule.child_until or person.disabled_dependent:
        return ""
    return (
        f"{name} is {age} on {format_date(day)} and listed as another dependent. Check the relationship: a child of "
        f"{rule.child_until} or older is covered only as a disabled dependent."
    )


def _nobody_joined(app: Application, rule: HouseholdRule) -> Iterator[Notice]:
    """Life events that bring somebody, without such a person among the covered."""
    found = {
        JoiningPerson.NEWBORN: _no_newborn,
        JoiningPerson.MINOR: _no_minor,
        JoiningPerson.SPOUSE: _no_spouse,
    }
    for index, event in enumerate(app.general.life_events):
        joining = rule.joining.get(event.kind)
        if joining and (message := found[joining](app.household.people, event.date, rule)):
            yield Notice(Step.GENERAL, f"life_events[{index}].kind", message, "R61c")


def _no_newborn(people: tuple[Person, ...], day: date, _rule: HouseholdRule) -> str:
    if any(person.date_of_birth == day for person in people):
        return ""
    born = format_date(day)
    return f"Nobody on this application was born on {born}. Add the child, or check the life event and its date."


def _no_minor(people: tuple[Person, ...], day: date, rule: HouseholdRule) -> str:
    others = [(person.age_on(day), person.name) for person in people if person.relationship is not Relationship.SPOUSE]
    if any(age is None or age < rule.minor_until for age, _ in others):
        return ""
    dependents = [
        (person.age_on(day) or 0, _called(person, i)) for i, person in enumerate(people) if person.is_dependent
    ]
    if not dependents:
        return "The life event brings a child, and no child is on this application. Add the child, or check the event."
    age, name = min(dependents)
    return (
        f"The life event brings a child under {rule.minor_until}; the youngest dependent here, {name}, was {age} on "
        f"{format_date(day)}. Add the child, or check the life event and the birth date."
    )


def _no_spouse(people: tuple[Person, ...], _day: date, _rule: HouseholdRule) -> str:
    if any(person.relationship is Relationship.SPOUSE for person in people):
        return ""
    return (
        "The life event is a marriage, and no spouse is on this application. Add the spouse, or continue without one."
    )


def _called(person: Person, index: int) -> str:
    return person.name or f"Person {index + 1}"
