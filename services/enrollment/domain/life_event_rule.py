"""Domain: what a rule pack says of one life event (rules.md 3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.enrollment.domain.dates import first_of_next_month, first_on_or_after, is_last_of_month


class StartKind(StrEnum):
    """How a life event fixes the first day of coverage."""

    DATE_OF_EVENT = "date_of_event"
    FIRST_AFTER_SELECTION = "first_after_selection"
    FIRST_AFTER_EVENT_OR_SELECTION = "first_after_event_or_selection"
    FIRST_ON_OR_AFTER_EVENT_OR_SELECTION = "first_on_or_after_event_or_selection"
    FIRST_OF_EVENT_MONTH = "first_of_event_month"


OVERLAPPING = frozenset({StartKind.FIRST_OF_EVENT_MONTH})
"""Kinds that buy days for which somebody is still covered elsewhere: offered, and never the default (88 FR 25740)."""

_AFTER_SELECTION = "the first of the month after plans are selected"


def start_of(kind: StartKind, event: date, selected: date) -> tuple[date, str] | None:
    """The first day of coverage and why, for plans that are selected on a day; None when the kind gives none then."""
    match kind:
        case StartKind.DATE_OF_EVENT:
            return event, "the day of the event"
        case StartKind.FIRST_OF_EVENT_MONTH:
            first = event.replace(day=1)
            if selected >= first or is_last_of_month(event):
                return None
            return (
                first,
                "the first of the month in which the old coverage ends; both premiums are due for that month",
            )
        case StartKind.FIRST_AFTER_EVENT_OR_SELECTION if selected <= event:
            return first_of_next_month(event), "the first of the month after the event"
        case StartKind.FIRST_ON_OR_AFTER_EVENT_OR_SELECTION if selected < event:
            return first_on_or_after(event), "the first of a month on or after the event"
        case _:
            after = first_of_next_month(selected)
            if after < event:
                return first_on_or_after(event), "the first of a month on or after the event"
            return after, _AFTER_SELECTION


@dataclass(frozen=True, slots=True)
class LifeEventRule:
    """``days_before`` and ``days_after`` bound the days on which plans may be selected, counted from the event."""

    kind: str
    label: str
    # What the date of the event means: "Last day of coverage".
    date_hint: str
    days_before: int = 0
    days_after: int = 0
    starts: tuple[StartKind, ...] = ()
    # False: the exchange alone grants it; ``hint`` says what to do instead.
    off_exchange: bool = True
    # Of an event that holds off-exchange: for whom it is. "{exchange}" stands for the name of the state's exchange.
    hint: str = ""
    # What has to be attested where coverage in the 60 days before is a condition; else empty.
    prior_coverage: str = ""
    # Kinds of documents that prove the event and its day.
    proofs: tuple[str, ...] = ()
    # Maintenance reason of the 834 file (rules.md 13), where one is known.
    reason_code: str = ""
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CarrierOption:
    """What the rules leave to a carrier, and whether this one does it (45 CFR 147.104(b)(2))."""

    name: str
    taken: bool
    reason: str
    # Kinds of life events that it changes.
    events: tuple[str, ...]
    sources: tuple[str, ...]
