"""Domain: what is unusual about a quote and still can be so; nothing is refused for it (R61c)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from chassis.kernel import format_date
from services.quote.domain.household import CHILD_UNTIL, PARENT_YEARS, SPOUSE_OF_AGE, Household, Member, Relationship


@dataclass(frozen=True, slots=True)
class QuoteNotice:
    """``field`` is a path in a request: ``members[1].date_of_birth``."""

    field: str
    message: str
    rule: str


def quote_notices(household: Household, effective_date: date, today: date) -> Iterator[QuoteNotice]:
    """Of the date first, then of the people in their order. What cannot be is refused before (``Household``)."""
    if message := _unusual_date(effective_date, today):
        yield QuoteNotice("effective_date", message, "R33")
    married = any(member.relationship is Relationship.SPOUSE for member in household)
    for index, member in enumerate(household):
        if message := _unusual_age(index, member, household.primary, effective_date, married):
            yield QuoteNotice(f"members[{index}].date_of_birth", message, "R61c")


def _unusual_date(day: date, today: date) -> str:
    """Only birth-type events begin coverage on another day than the first, or before today (45 CFR 155.420(b))."""
    if day < today:
        return (
            f"Coverage from {format_date(day)} would begin in the past. Only a life event such as a birth or an "
            "adoption can give an earlier date; the premium of each month since then is due with the first payment."
        )
    if day.day != 1:
        return (
            f"{format_date(day)} is not the first of a month. Coverage begins in the middle of a month only after a "
            "life event such as a birth or an adoption; otherwise choose the first."
        )
    return ""


def _unusual_age(index: int, member: Member, primary: Member, day: date, married: bool) -> str:
    name, age = member.first_name or f"Person {index + 1}", member.age_on(day)
    if member.relationship is Relationship.CHILD:
        return _old_child(name, member, primary)
    if member.relationship is Relationship.OTHER_DEPENDENT:
        if age < CHILD_UNTIL or member.disabled_dependent:
            return ""
        return (
            f"{name} is {age} on {format_date(day)} and listed as another dependent. Check the relationship: a child "
            f"of {CHILD_UNTIL} or older is covered only as a disabled dependent."
        )
    if married and age < SPOUSE_OF_AGE:
        return (
            f"{name}, who is married, is {age} on {format_date(day)}. Under {SPOUSE_OF_AGE} a marriage needs the "
            "consent of a parent or a court: check the birth date and the relationship."
        )
    return ""


def _old_child(name: str, child: Member, primary: Member) -> str:
    if primary.age_on(child.date_of_birth) >= PARENT_YEARS:
        return ""
    older = child.date_of_birth < primary.date_of_birth
    how = "is older than" if older else f"is less than {PARENT_YEARS} years younger than"
    return (
        f"{name}, a child, {how} the primary applicant. This may be right for a stepchild; otherwise correct one of "
        "the birth dates."
    )
