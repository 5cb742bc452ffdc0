"""Domain: coverage under one plan that ends after it began; before, the whole application is cancelled instead."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from chassis.kernel import Conflict, InvalidInput, Problem, format_date
from services.enrollment.domain.cancellation import CancelParty
from services.enrollment.domain.enums import Coverage
from services.enrollment.domain.first_payment import MonthDue

# Reasonable notice (45 CFR 155.430(d)(1) and (2)).
NOTICE = timedelta(days=14)
NOT_TERMINATED = "Some fields need to be corrected. No coverage was terminated."


class TerminationReason(StrEnum):
    NO_LONGER_WANTED = "no_longer_wanted"
    OTHER_COVERAGE = "other_coverage"
    MOVED = "moved"
    # Of the applicant.
    DECEASED = "deceased"


@dataclass(frozen=True, slots=True)
class TerminationRequest:
    """As it was asked for."""

    coverages: tuple[Coverage, ...]
    last_day: date
    reason: TerminationReason
    asked_by: CancelParty


@dataclass(frozen=True, slots=True)
class CoverageTermination:
    """``requested_on``: business date in the application's state."""

    coverage: Coverage
    requested_on: date
    last_day: date
    reason: TerminationReason
    asked_by: CancelParty


@dataclass(frozen=True, slots=True)
class TerminationChoice:
    """What can be terminated on a day. ``earliest_last_day`` is None in the last days of the plan year, when no notice
    would be over before coverage ends by itself: then only a death is still told.
    """

    coverages: tuple[Coverage, ...]
    earliest_last_day: date | None
    earliest_last_day_deceased: date
    latest_last_day: date

    def take(self, wanted: TerminationRequest, today: date) -> tuple[CoverageTermination, ...]:
        """Raises InvalidInput that names every wrong field; Conflict where no last day could be chosen."""
        # Who has died is covered to the date of death (45 CFR 155.430(d)(7)), which no future day can be.
        first, last, because = self.earliest_last_day_deceased, min(today, self.latest_last_day), "."
        if wanted.reason is not TerminationReason.DECEASED:
            if self.earliest_last_day is None:
                ends = format_date(self.latest_last_day)
                message = (
                    f"Coverage ends with the plan year, on {ends}, before {NOTICE.days} days' notice would be over."
                )
                raise Conflict(message, code="plan_year_ends")
            first, last = self.earliest_last_day, self.latest_last_day
            because = f": {NOTICE.days} days' notice is needed."
        problems = [*_check_coverages(wanted.coverages, self.coverages)]
        if not first <= wanted.last_day <= last:
            between = f"from {format_date(first)} to {format_date(last)}"
            problems.append(Problem("last_day", f"Choose a last day of coverage {between}{because}"))
        if problems:
            raise InvalidInput(NOT_TERMINATED, problems=tuple(problems))
        return tuple(
            CoverageTermination(coverage, today, wanted.last_day, wanted.reason, wanted.asked_by)
            for coverage in self.coverages
            if coverage in wanted.coverages
        )


def offer_termination(
    covered: Sequence[Coverage],
    terminations: Sequence[CoverageTermination],
    begins: date | None,
    months: Sequence[MonthDue],
    today: date,
) -> TerminationChoice:
    """Raises Conflict where none of ``covered`` can be terminated. ``begins`` is None while it is not known; ``months``
    are those of the first payment.
    """
    if begins is None or begins > today:
        when = f"on {format_date(begins)}" if begins else "later"
        message = f"Coverage begins {when}. Until then the application can be cancelled instead."
        raise Conflict(message, code="coverage_not_begun")
    ended = [one.coverage for one in terminations]
    left = tuple(one for one in covered if one not in ended)
    if not left:
        raise Conflict(_already_ends(terminations), code="coverage_terminated")
    # with the calendar year; the plan was renewed where the first payment reaches into the next one (rules.md 6)
    last = date(max(day.year for day in (begins, *(due.month for due in months))), 12, 31)
    if last < today:
        message = f"The plan year ended on {format_date(last)}, and this coverage with it."
        raise Conflict(message, code="plan_year_ends")
    noticed = today + NOTICE
    return TerminationChoice(left, noticed if noticed <= last else None, begins, last)


def must_have_no_end(wanted: Collection[Coverage], terminations: Sequence[CoverageTermination]) -> None:
    """Raises Conflict: a coverage ends once."""
    if ended := [one for one in terminations if one.coverage in wanted]:
        raise Conflict(_already_ends(ended), code="coverage_terminated")


def _check_coverages(wanted: Sequence[Coverage], offered: Collection[Coverage]) -> Iterator[Problem]:
    for place, coverage in enumerate(wanted):
        if coverage not in offered:
            yield Problem(f"coverages[{place}]", f"This application has no {coverage} plan. Leave it out.")
        elif coverage in wanted[:place]:
            yield Problem(f"coverages[{place}]", "Name each coverage once.")


def _already_ends(terminations: Sequence[CoverageTermination]) -> str:
    days = " and ".join(f"{one.coverage} coverage on {format_date(one.last_day)}" for one in terminations)
    return f"An end is set already: {days}. Call the carrier if that day is wrong."
