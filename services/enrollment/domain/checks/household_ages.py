"""Domain: step 2, who cannot be what the form says: the same person twice, and ages (R59, R61, R61c; rules.md 4a)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from chassis.kernel import Problem, format_date
from services.enrollment.domain.enums import Relationship
from services.enrollment.domain.household_rule import HouseholdRule
from services.enrollment.domain.people import Person


def check_repeated_people(people: Sequence[Person]) -> Iterator[Problem]:
    """One name and birth date twice, however typed. Twins have another first name, namesakes another birth date."""
    first: dict[str, int] = {}
    for index, person in enumerate(people):
        known = first.setdefault(person.identity, index) if person.identity else index
        if known != index:
            yield Problem(f"people[{index}].first_name", _twice(people, known, index), "R61")


def _twice(people: Sequence[Person], known: int, index: int) -> str:
    if {people[known].relationship, people[index].relationship} == {Relationship.SELF, Relationship.SPOUSE}:
        return (
            "The spouse has the primary applicant's name and birth date. Enter the spouse's own, or remove the spouse."
        )
    return (
        f"Person {index + 1} has the same name and birth date as person {known + 1}. Remove one of the two, or correct "
        "the name or the birth date."
    )


def check_ages(people: Sequence[Person], start: date | None, state: str, rule: HouseholdRule) -> Iterator[Problem]:
    """Whom no policy covers in this relationship; ``start`` None, as the effective date is not known: nobody yet."""
    for index, person in enumerate(people):
        prefix = f"people[{index}]."
        if person.disabled_dependent and not person.is_dependent:
            message = "Only a child or another dependent can be a disabled dependent; leave it out."
            yield Problem(f"{prefix}disabled_dependent", message, "R61c")
        age = person.age_on(start) if start else None
        if start and age is not None and (message := _unfit(person, age, start, state, rule)):
            yield Problem(f"{prefix}date_of_birth", message, "R61c")
    applicant = people[0] if people and any(one.relationship is Relationship.SPOUSE for one in people) else None
    if applicant and start and (message := _unwed(applicant.age_on(start), start, rule)):
        yield Problem("people[0].date_of_birth", message, "R61c")


def _unwed(age: int | None, start: date, rule: HouseholdRule) -> str:
    if age is None or age >= rule.spouse_from:
        return ""
    return (
        f"The primary applicant is {age} on {format_date(start)}; an applicant with a spouse must be "
        f"{rule.spouse_from} or older. Correct the birth date, or remove the spouse. Where a court "
        f"allowed the marriage earlier, contact {rule.exceptions_desk}."
    )


def _unfit(person: Person, age: int, start: date, state: str, rule: HouseholdRule) -> str:
    if person.relationship is Relationship.SPOUSE and age < rule.spouse_from:
        return (
            f"The spouse is {age} on {format_date(start)}, and must be {rule.spouse_from} or older. Correct the birth "
            f"date or the relationship. Where a court allowed the marriage earlier, contact {rule.exceptions_desk}."
        )
    leaves = person.relationship is Relationship.CHILD and age >= rule.child_until and not person.disabled_dependent
    if not leaves:
        return ""
    veteran = rule.veteran_until.get(state, 0)
    desk = f" For an unmarried veteran under {veteran}, contact {rule.exceptions_desk}." if age < veteran else ""
    return (
        f"The child is {age} on {format_date(start)}; a child is covered until {rule.child_until}. Correct the birth "
        "date or the relationship, remove the child, or say that the child is disabled and depends on the applicant."
        f"{desk}"
    )
