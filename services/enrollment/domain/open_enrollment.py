"""Domain: open enrollment windows by state and plan year, and the states' exchanges (rules.md 1 and 2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class OpenEnrollmentStart:
    """Plans that are selected up to this day begin on ``effective_date``."""

    selected_until: date
    effective_date: date


@dataclass(frozen=True, slots=True)
class OpenEnrollment:
    """One window, for some states and one plan year.

    ``last_checked``: when somebody last looked whether it still holds. ``announced``: False where the days are the
    federal limits, and those that the exchange chose are not known.
    """

    plan_year: int
    states: tuple[str, ...]
    first_day: date
    last_day: date
    starts: tuple[OpenEnrollmentStart, ...]
    sources: tuple[str, ...]
    last_checked: date
    announced: bool = True

    def effective_date(self, selected_on: date) -> date:
        return next(start.effective_date for start in self.starts if selected_on <= start.selected_until)


@dataclass(frozen=True, slots=True)
class StateExchange:
    """Where a state's people enroll on-exchange from a plan year on. ``target``: "ISP" or "SBE" (R16)."""

    state: str
    from_plan_year: int
    target: str
    name: str
