"""Domain: who may be on one application, and what is asked of each (R46, R58-R62b)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from chassis.kernel import Problem
from chassis.kernel.names import LATIN_LETTERS, name_problem
from services.enrollment.domain.checks import self_identification, text, tobacco
from services.enrollment.domain.enums import Relationship
from services.enrollment.domain.names import SUFFIXES
from services.enrollment.domain.people import Person
from services.enrollment.domain.rule_pack import Circumstances

# The oldest person on record reached 122: an older age is a typing error.
OLDEST = 122


def find_invalid(people: Sequence[Person], start: date | None, c: Circumstances) -> Iterator[Problem]:
    yield from _composition(people)
    for index, person in enumerate(people):
        prefix = f"people[{index}]."
        yield from _person(prefix, person, start, c)
        yield from self_identification.find_invalid(f"{prefix}self_identification.", person.self_identification, c)


def find_incomplete(people: Sequence[Person], start: date | None, c: Circumstances) -> Iterator[Problem]:
    if not people:
        yield Problem("people", "Add the primary applicant.", "R46")
    for index, person in enumerate(people):
        prefix = f"people[{index}]."
        if not (person.first_name or person.one_name_only):
            message = "Enter the first name, or indicate that the person has only one name."
            yield Problem(f"{prefix}first_name", message, "R46")
        asked = {"last_name": person.last_name}
        yield from text.check_required(
            prefix, {**asked, "date_of_birth": person.date_of_birth, "sex": person.sex}, "R46"
        )
        yield from tobacco.find_incomplete(prefix, person, start, c)


def _composition(people: Sequence[Person]) -> Iterator[Problem]:
    spouses = 0
    for index, person in enumerate(people):
        field = f"people[{index}].relationship"
        if (person.relationship is Relationship.SELF) != (index == 0):
            yield Problem(field, "List one primary applicant, and list that person first.", "R46")
        spouses += person.relationship is Relationship.SPOUSE
        if person.relationship is Relationship.SPOUSE and spouses > 1:
            yield Problem(field, "An application has at most one spouse.", "R59")


def find_repeated_numbers(people: Sequence[Person]) -> Iterator[Problem]:
    """Told of those that were typed just now; no two of the stored ones are equal."""
    held = {person.ssn_fingerprint for person in people if not person.ssn}
    for index, person in enumerate(people):
        if not (number := person.ssn and person.ssn_fingerprint):
            continue
        if number in held:
            message = "Another person on this application has the same Social Security number. Correct one of the two."
            yield Problem(f"people[{index}].ssn", message, "R46")
        held.add(number)


def _person(prefix: str, person: Person, start: date | None, c: Circumstances) -> Iterator[Problem]:
    names = {"first_name": person.first_name, "last_name": person.last_name}
    yield from text.check_names(prefix, names, "R46")
    if name_problem(person.middle_initial):
        yield Problem(f"{prefix}middle_initial", f"Enter one of the {LATIN_LETTERS}.", "R46")
    yield from _naming(prefix, person)
    if person.contact and person.relationship is not Relationship.SPOUSE:
        message = "Enter a phone and email address here only for the spouse. The applicant's go under contact."
        yield Problem(f"{prefix}contact", message, "R60")
    yield from _birth(prefix, person, c)
    yield from tobacco.find_invalid(prefix, person, start, c)


def _naming(prefix: str, person: Person) -> Iterator[Problem]:
    if person.suffix and person.suffix not in SUFFIXES:
        yield Problem(f"{prefix}suffix", f"Choose {', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}.", "R46")
    if person.one_name_only:
        message = "Leave this empty. Enter a single name in the last name field."
        for field in ("first_name", "middle_initial"):
            if getattr(person, field):
                yield Problem(f"{prefix}{field}", message, "R46")


def _birth(prefix: str, person: Person, c: Circumstances) -> Iterator[Problem]:
    age = person.age_on(c.today)
    if person.date_of_birth and person.date_of_birth > c.today:
        yield Problem(f"{prefix}date_of_birth", "The date of birth is in the future; check the year.", "R46")
    elif age is not None and age > OLDEST:
        yield Problem(f"{prefix}date_of_birth", f"This makes the person older than {OLDEST}; check the year.", "R46")
