"""Domain: a submitted application that is taken back before its effective date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class CancelReason(StrEnum):
    CHANGED_MIND = "changed_mind"
    OTHER_COVERAGE = "other_coverage"
    OTHER_PLAN = "other_plan"
    MOVED = "moved"
    ENTERED_IN_ERROR = "entered_in_error"
    DUPLICATE = "duplicate"
    DECEASED = "deceased"


class CancelParty(StrEnum):
    """Who asked for it."""

    CLIENT = "client"
    PRODUCER = "producer"


@dataclass(frozen=True, slots=True)
class Cancellation:
    """``cancelled_on``: business date in the application's state."""

    cancelled_on: date
    reason: CancelReason
    asked_by: CancelParty
