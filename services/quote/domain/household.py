"""Domain: the people to be covered, as far as a premium depends on them (R12, R61)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from chassis.kernel import InvalidInput, Problem, fold_name
from chassis.kernel.names import name_problem

# R61: up to 19 dependents, including the spouse, with the primary applicant.
MAX_PEOPLE = 20
# The oldest person on record reached 122: an older age is a typing error.
MAX_AGE = 122
# How many years older than the primary applicant a dependent may be. A parent may depend on the applicant, and fathers
# of 80 and more are rarer than typing errors; a grandparent is insured on their own.
MAX_YEARS_OLDER = 80
# Completed years on the effective date; enrollment's rule packs say the same with their sources, and a test reads both
# (rules.md 4a). A child leaves on this birthday unless disabled and dependent on the applicant: 45 CFR 147.120(a).
CHILD_UNTIL = 26
# The youngest age at which a parent's consent is enough to marry in any of the five states.
SPOUSE_FROM = 16
# A spouse who is younger married with a consent; a child who is born less than so many years after the applicant is
# looked at again. Both are said and neither is refused (rules.md 4a).
SPOUSE_OF_AGE = 18
PARENT_YEARS = 12
# As in an application, which is started with these names (R45). The contract has this number and MAX_PEOPLE too; the
# household keeps its own for a census, whose files and streams come past it.
MAX_NAME = 60


class Relationship(StrEnum):
    """What a covered person is to the primary applicant."""

    SELF = "self"
    SPOUSE = "spouse"
    CHILD = "child"
    OTHER_DEPENDENT = "other_dependent"


class Sex(StrEnum):
    FEMALE = "female"
    MALE = "male"


@dataclass(frozen=True, slots=True)
class Member:
    """One person. ``tobacco_use`` answers the application's question (R46); names may be empty in a search."""

    relationship: Relationship
    date_of_birth: date
    sex: Sex | None = None
    tobacco_use: bool = False
    first_name: str = ""
    last_name: str = ""
    # Disabled and dependent on the primary applicant.
    disabled_dependent: bool = False

    @property
    def is_dependent(self) -> bool:
        return self.relationship in (Relationship.CHILD, Relationship.OTHER_DEPENDENT)

    def age_on(self, day: date) -> int:
        """Completed years; somebody born on 29 February turns a year older on 1 March of a common year."""
        had_birthday = (day.month, day.day) >= (self.date_of_birth.month, self.date_of_birth.day)
        return day.year - self.date_of_birth.year - (0 if had_birthday else 1)


@dataclass(frozen=True, slots=True)
class Household:
    """Everybody on one policy, in the order in which they were sent."""

    members: tuple[Member, ...]

    @classmethod
    def from_members(cls, members: Sequence[Member], *, effective_date: date, today: date) -> Household:
        """Refuses with every problem at once, each at its field (``members[2].date_of_birth``).

        ``date.min`` stands for a date that could not be read: nobody else is judged by it.
        """
        problems = (
            *_composition(members),
            *_births(members, effective_date, today),
            *_ages(members, effective_date),
            *_names(members),
            *_repeated(members),
            *_flags(members),
        )
        if problems:
            raise InvalidInput("Correct the household, then try again.", problems=problems)
        return cls(tuple(members))

    @property
    def primary(self) -> Member:
        return next(member for member in self.members if member.relationship is Relationship.SELF)

    def __iter__(self) -> Iterator[Member]:
        return iter(self.members)


def _composition(members: Sequence[Member]) -> Iterator[Problem]:
    if not members:
        yield Problem("members", "Add the primary applicant.", "R12")
        return
    if len(members) > MAX_PEOPLE:
        yield Problem("members", f"A policy covers at most {MAX_PEOPLE} people; remove some.", "R61")
    primaries = [i for i, member in enumerate(members) if member.relationship is Relationship.SELF]
    spouses = [i for i, member in enumerate(members) if member.relationship is Relationship.SPOUSE]
    if not primaries:
        yield Problem("members", "One person has to be the primary applicant.", "R12")
    for index in primaries[1:]:
        yield Problem(_field(index, "relationship"), "There is already a primary applicant.", "R12")
    for index in spouses[1:]:
        yield Problem(_field(index, "relationship"), "A household has at most one spouse.", "R59")


def _births(members: Sequence[Member], effective_date: date, today: date) -> Iterator[Problem]:
    primary = next((member for member in members if member.relationship is Relationship.SELF), None)
    for index, member in enumerate(members):
        if message := _bad_birth(member, primary, effective_date, today):
            yield Problem(_field(index, "date_of_birth"), message, "R46")


def _bad_birth(member: Member, primary: Member | None, effective_date: date, today: date) -> str:
    """What is wrong with a birth date; empty when it may stand."""
    if member.date_of_birth > today:
        return "The date of birth is in the future; check the year."
    if date.min < effective_date < member.date_of_birth:
        return "Coverage cannot begin before the birth; move the effective date."
    if member.age_on(today) > MAX_AGE:
        return f"This makes the person older than {MAX_AGE}; check the year."
    if member.is_dependent and primary and member.age_on(primary.date_of_birth) > MAX_YEARS_OLDER:
        return f"A dependent is at most {MAX_YEARS_OLDER} years older than the primary applicant; check the year."
    return ""


def _ages(members: Sequence[Member], effective_date: date) -> Iterator[Problem]:
    married = any(member.relationship is Relationship.SPOUSE for member in members)
    for index, member in enumerate(members):
        # who is not born by then was told so already
        age = member.age_on(effective_date)
        if age >= 0 and (message := _bad_age(member, age, married)):
            yield Problem(_field(index, "date_of_birth"), message, "R61c")


def _bad_age(member: Member, age: int, married: bool) -> str:
    """``married``: the household has a spouse, so that the primary applicant is one too."""
    if married and member.relationship is Relationship.SELF and age < SPOUSE_FROM:
        return (
            f"The primary applicant is {age} on the effective date; an applicant with a spouse must be "
            f"{SPOUSE_FROM} or older. Correct the birth date, or remove the spouse."
        )
    if member.relationship is Relationship.SPOUSE and age < SPOUSE_FROM:
        return (
            f"The spouse is {age} on the effective date, and must be {SPOUSE_FROM} or older. Correct the birth date "
            "or the relationship."
        )
    if member.relationship is Relationship.CHILD and age >= CHILD_UNTIL and not member.disabled_dependent:
        return (
            f"The child is {age} on the effective date; a child is covered until {CHILD_UNTIL}. Correct the birth date "
            "or the relationship, remove the child, or say that the child is disabled and depends on the applicant."
        )
    return ""


def _repeated(members: Sequence[Member]) -> Iterator[Problem]:
    """One name and birth date twice, however typed; without names there may be twins."""
    first: dict[tuple[str, str, date], int] = {}
    for index, member in enumerate(members):
        if not member.first_name or member.date_of_birth == date.min:
            continue
        known = first.setdefault(
            (fold_name(member.first_name), fold_name(member.last_name), member.date_of_birth), index
        )
        if known != index:
            message = (
                f"Person {index + 1} has the same name and birth date as person {known + 1}. Remove one of the two, or "
                "correct the name or the birth date."
            )
            yield Problem(_field(index, "first_name"), message, "R61")


def _flags(members: Sequence[Member]) -> Iterator[Problem]:
    for index, member in enumerate(members):
        if member.disabled_dependent and not member.is_dependent:
            message = "Only a child or another dependent can be a disabled dependent; leave it out."
            yield Problem(_field(index, "disabled_dependent"), message, "R61c")


def _names(members: Sequence[Member]) -> Iterator[Problem]:
    for index, member in enumerate(members):
        for name, value in (("first_name", member.first_name), ("last_name", member.last_name)):
            if min(len(value), len(unicodedata.normalize("NFC", value))) > MAX_NAME:
                yield Problem(_field(index, name), f"A name has at most {MAX_NAME} characters; shorten it.", "R46")
            elif message := name_problem(value):
                yield Problem(_field(index, name), message, "R46")


def _field(index: int, name: str) -> str:
    return f"members[{index}].{name}"
