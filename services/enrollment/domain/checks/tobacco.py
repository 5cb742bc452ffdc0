"""Domain: step 2, "Within the past six months, have you used tobacco?" (R46, R58, rules.md 4).

Who is asked depends on the age on the effective date, as the premium does (45 CFR 147.102(a)(1)(iii) and (iv)); the
use that counts depends on the day of the answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from chassis.kernel import Problem, format_date
from services.enrollment.domain.dates import months_before
from services.enrollment.domain.people import Person
from services.enrollment.domain.rule_pack import Circumstances

# The question's own period.
MONTHS = 6


def find_invalid(prefix: str, person: Person, start: date | None, c: Circumstances) -> Iterator[Problem]:
    """Somebody too young is not asked; the date of last use lies within the period that the answer is about."""
    last = person.tobacco_last_used
    if person.tobacco_use and not may_be_asked(person, start, c):
        when = f"on {format_date(start)}, when coverage begins" if start else "when coverage begins"
        message = f"Tobacco use is asked only for people who are {c.pack.tobacco_age} or older {when}; leave it out."
        yield Problem(f"{prefix}tobacco_use", message, "R58")
    if last is None:
        return
    field, earliest = f"{prefix}tobacco_last_used", months_before(c.today, MONTHS)
    if last > c.today:
        yield Problem(field, "The date of last use is in the future; check it.", "R46")
    elif not person.tobacco_use:
        yield Problem(field, "Remove the date of last use unless tobacco use is answered yes.", "R46")
    elif last < earliest:
        message = f"The question is about the time since {format_date(earliest)}: correct the date, or answer no."
        yield Problem(field, message, "R46")


def find_incomplete(prefix: str, person: Person, start: date | None, c: Circumstances) -> Iterator[Problem]:
    """Without an effective date those are asked who are old enough today; the date decides about the others later."""
    age = person.age_on(start or c.today)
    if age is not None and age >= c.pack.tobacco_age and person.tobacco_use is None:
        yield Problem(f"{prefix}tobacco_use", "Answer the question on tobacco use.", "R46")
    if person.tobacco_use and person.tobacco_last_used is None:
        yield Problem(f"{prefix}tobacco_last_used", "Enter the date of last use.", "R46")


def may_be_asked(person: Person, start: date | None, c: Circumstances) -> bool:
    """Whether an answer can count; without an effective date, on the last day on which coverage could begin."""
    age = person.age_on(start or c.pack.latest_start(c.today))
    return age is None or age >= c.pack.tobacco_age
