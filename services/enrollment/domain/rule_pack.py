"""Domain: a rule pack, the dated and versioned rules that judge an application (read by ``rulebook``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from chassis.kernel import Money
from services.enrollment.domain.self_identification import IdentityScheme
from services.enrollment.domain.texts import TextKind


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
class QsehraCap:
    """The most that a QSEHRA may pay in a year, for one person and for a family."""

    self_only: Money
    family: Money


@dataclass(frozen=True, slots=True)
class RulePack:
    """``version`` is stored with every application that it judged; ``valid_from`` is the first day of its use."""

    version: str
    valid_from: date
    open_enrollment: tuple[OpenEnrollment, ...]
    life_events: Mapping[str, LifeEventRule]
    # Drafts from their start, failed applications from the failed submission (R105).
    expiry_days: int
    # The first payment: after the effective date, or after submission where coverage began before it (rules.md 6).
    first_payment_days: int
    # Tobacco use is asked of people of this age and older (R58).
    tobacco_age: int
    # Digits of a medical group id by state, where the state fixes them (R69).
    medical_group_digits: Mapping[str, int]
    # Versions in force of each text, the newest last; the wording is kept by documents.
    texts: Mapping[TextKind, tuple[str, ...]]
    # Sets of categories that are offered for language, ethnicity and identity, the newest last (R54-R57).
    identity_schemes: tuple[IdentityScheme, ...]
    # Yearly caps of a QSEHRA by the year of coverage (rules.md 7).
    qsehra_caps: Mapping[int, QsehraCap]

    def window_on(self, state: str, day: date) -> OpenEnrollment | None:
        """The open enrollment window that is open in a state on a day."""
        for window in self.open_enrollment:
            if state in window.states and window.first_day <= day <= window.last_day:
                return window
        return None

    def text_in_force(self, kind: TextKind) -> str:
        """The version that is shown today."""
        return self.texts[kind][-1]

    def qsehra_cap(self, year: int) -> QsehraCap | None:
        """The cap of a year, or of the last year before it that is known."""
        return next(
            (self.qsehra_caps[known] for known in sorted(self.qsehra_caps, reverse=True) if known <= year), None
        )

    def nearest_window(self, state: str, day: date) -> OpenEnrollment | None:
        """The window that opens next, or else the one that closed last: for explanations."""
        own = sorted((w for w in self.open_enrollment if state in w.states), key=lambda w: w.first_day)
        return next((w for w in own if w.last_day >= day), own[-1] if own else None)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What an application is judged by: the business date in its state, and its rule pack."""

    today: date
    pack: RulePack
