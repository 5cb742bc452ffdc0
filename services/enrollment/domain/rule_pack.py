"""Domain: a rule pack, the dated and versioned rules that judge an application (read by ``rulebook``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class StartKind(StrEnum):
    """How a life event fixes the first day of coverage (rules.md 3)."""

    DATE_OF_EVENT = "date_of_event"
    FIRST_AFTER_SELECTION = "first_after_selection"
    # First of the month after the event while the event lies ahead or is today; afterwards after the selection.
    FIRST_AFTER_EVENT_OR_SELECTION = "first_after_event_or_selection"


@dataclass(frozen=True, slots=True)
class LifeEventRule:
    """``days_before`` and ``days_after`` bound the days on which plans may be selected, counted from the event."""

    kind: str
    label: str
    days_before: int
    days_after: int
    starts: tuple[StartKind, ...]


@dataclass(frozen=True, slots=True)
class OpenEnrollmentStart:
    """Plans that are selected up to this day begin on ``effective_date``."""

    selected_until: date
    effective_date: date


@dataclass(frozen=True, slots=True)
class OpenEnrollment:
    """One window, for some states and one plan year (rules.md 2)."""

    plan_year: int
    states: tuple[str, ...]
    first_day: date
    last_day: date
    starts: tuple[OpenEnrollmentStart, ...]

    def effective_date(self, selected_on: date) -> date:
        return next(start.effective_date for start in self.starts if selected_on <= start.selected_until)


@dataclass(frozen=True, slots=True)
class RulePack:
    """``version`` is stored with every application that it judged; ``valid_from`` is the first day of its use."""

    version: str
    valid_from: date
    open_enrollment: tuple[OpenEnrollment, ...]
    life_events: Mapping[str, LifeEventRule]
    # Drafts from their start, failed applications from the failed submission (R105).
    expiry_days: int
    # Tobacco use is asked of people of this age and older (R58).
    tobacco_age: int
    # Digits of a medical group id by state, where the state fixes them (R69).
    medical_group_digits: Mapping[str, int]
    # Versions of the Terms and Agreements that a client may have accepted in person (R40, R41); the texts are kept by
    # documents.
    terms_versions: tuple[str, ...]

    def window_on(self, state: str, day: date) -> OpenEnrollment | None:
        """The open enrollment window that is open in a state on a day."""
        for window in self.open_enrollment:
            if state in window.states and window.first_day <= day <= window.last_day:
                return window
        return None

    def nearest_window(self, state: str, day: date) -> OpenEnrollment | None:
        """The window that opens next, or else the one that closed last: for explanations."""
        own = sorted((w for w in self.open_enrollment if state in w.states), key=lambda w: w.first_day)
        return next((w for w in own if w.last_day >= day), own[-1] if own else None)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What an application is judged by: the business date in its state, and its rule pack."""

    today: date
    pack: RulePack
