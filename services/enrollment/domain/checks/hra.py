"""Domain: step 2, a health reimbursement arrangement (R53, rules.md 7)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from chassis.kernel import Problem, format_date
from services.enrollment.domain.checks import text
from services.enrollment.domain.steps import Hra

# The first day on which an employer could offer one [K]: 21st Century Cures Act; 84 FR 28888.
FIRST_DAYS = {"QSEHRA": date(2017, 1, 1), "ICHRA": date(2020, 1, 1)}
# Employers announce a year ahead at most; a start that is farther away is a typing error.
FARTHEST_START = timedelta(days=366)


def find_invalid(hra: Hra, today: date) -> Iterator[Problem]:
    yield from text.check_834_text("hra.employer_name", hra.employer_name, "R53")
    if hra.kind and hra.kind not in FIRST_DAYS:
        yield Problem("hra.kind", "Choose ICHRA or QSEHRA.", "R53")
    yield from _start(hra, today)


def find_incomplete(hra: Hra) -> Iterator[Problem]:
    asked = {"kind": hra.kind, "start_date": hra.start_date, "employer_name": hra.employer_name}
    yield from text.check_required("hra.", {**asked, "monthly_contribution": hra.monthly_contribution}, "R53")


def _start(hra: Hra, today: date) -> Iterator[Problem]:
    if hra.start_date is None:
        return
    first, last = FIRST_DAYS.get(hra.kind, min(FIRST_DAYS.values())), today + FARTHEST_START
    if not first <= hra.start_date <= last:
        message = (
            f"An arrangement of this kind starts between {format_date(first)} and {format_date(last)}; check the year."
        )
        yield Problem("hra.start_date", message, "R53")
