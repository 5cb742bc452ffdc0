"""Use cases: what the pages around a producer's book of business need from the store; they only look."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from chassis.kernel import Money
from services.enrollment.usecases.overview_ports import ListedApplication, Numbers, OpenDeadline


@dataclass(frozen=True, slots=True)
class Applicant:
    record_number: str
    applicant_name: str


@dataclass(frozen=True, slots=True)
class AwaitedReview:
    """A review by link that the client has not answered; ``opened``: the client has looked at it."""

    record_number: str
    applicant_name: str
    state: str
    sent_at: datetime
    expires_at: datetime
    opened: bool


@dataclass(frozen=True, slots=True)
class EnrollmentFigures:
    """One state in one month: "2026-05". ``submitted``: still submitted, not cancelled."""

    state: str
    month: str
    started: int
    submitted: int
    submitted_from_quotes: int
    monthly_premium: Money
    median_days_from_quote: int | None


@dataclass(frozen=True, slots=True)
class ReportSearch:
    """Both days are business dates in the application's state, and included. An empty state: all."""

    first: date
    last: date
    state: str = ""


class Book(Protocol):
    """Somebody's book of business."""

    def applications_of_client(self, client_id: str, limit: int) -> list[ListedApplication]:
        """Those with the client as primary applicant, newest first."""
        ...

    def quotes_of_client(self, client_id: str, limit: int) -> list[str]:
        """The quotes by which the client is known, newest first."""
        ...

    def deadlines_of(self, record_numbers: Collection[str]) -> list[OpenDeadline]:
        """Soonest first."""
        ...

    def applicants(self, record_numbers: Collection[str], numbers: Numbers) -> list[Applicant]: ...

    def awaited_reviews(self, numbers: Numbers, now: datetime, size: int) -> Sequence[AwaitedReview]:
        """Those that end soonest first."""
        ...

    def count_awaited_reviews(self, numbers: Numbers, now: datetime, most: int) -> int: ...

    def figures(self, search: ReportSearch, numbers: Collection[str]) -> list[EnrollmentFigures]:
        """By month, then by state."""
        ...
