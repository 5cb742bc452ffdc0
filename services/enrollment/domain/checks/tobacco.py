"""Domain: step 2, "Within the past six months, have you used tobacco?" (R46, R58, rules.md 4)."""

from __future__ import annotations

from collections.abc import Iterator

from chassis.kernel import Problem
from services.enrollment.domain.dates import months_before, shown
from services.enrollment.domain.people import Person
from services.enrollment.domain.rule_pack import Circumstances

# The question's own period.
MONTHS = 6


def unsound(prefix: str, person: Person, c: Circumstances) -> Iterator[Problem]:
    """Somebody too young is not asked; the date of last use lies within the period that the answer is about."""
    age, last = person.age_on(c.today), person.tobacco_last_used
    if person.tobacco_use and age is not None and age < c.pack.tobacco_age:
        message = f"Tobacco use is only asked of people of {c.pack.tobacco_age} and older; leave it out."
        yield Problem(f"{prefix}tobacco_use", message, "R58")
    if last is None:
        return
    field, earliest = f"{prefix}tobacco_last_used", months_before(c.today, MONTHS)
    if last > c.today:
        yield Problem(field, "The date of last use is in the future; check it.", "R46")
    elif not person.tobacco_use:
        yield Problem(field, "Leave the date of last use out where tobacco use is not answered with yes.", "R46")
    elif last < earliest:
        message = f"The question is about the time since {shown(earliest)}: correct the date, or answer no."
        yield Problem(field, message, "R46")


def lacking(prefix: str, person: Person, c: Circumstances) -> Iterator[Problem]:
    age = person.age_on(c.today)
    if age is not None and age >= c.pack.tobacco_age and person.tobacco_use is None:
        yield Problem(f"{prefix}tobacco_use", "Answer the question on tobacco use.", "R46")
    if person.tobacco_use and person.tobacco_last_used is None:
        yield Problem(f"{prefix}tobacco_last_used", "Give the date of last use.", "R46")
