"""Use cases: what the lists and the deadlines of applications need from the store."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from chassis.kernel import Money
from services.enrollment.domain.application_list import ApplicationSearch, ListCursor
from services.enrollment.domain.deadlines import Deadline, DeadlineKind
from services.enrollment.domain.enums import Status, Step
from services.enrollment.domain.identifiers import Identifiers
from services.enrollment.domain.steps import Producer

# Writing numbers whose records may be seen; None: all (another service asks).
Numbers = Collection[str] | None


@dataclass(frozen=True, slots=True)
class ListedApplication:
    """A row of the lists (R98, R99). ``next_step`` None: nothing is left to do, or only for the client."""

    record_number: str
    client_app_id: int
    status: Status
    applicant_name: str
    submitted_on: date | None
    effective_date: date | None
    product_name: str
    monthly_premium: Money | None
    payment_status: str
    producer: Producer
    current_step: Step
    expires_on: date | None
    created_at: datetime
    updated_at: datetime
    next_step: Step | None


@dataclass(frozen=True, slots=True)
class OpenDeadline:
    """A row of the list of deadlines."""

    deadline: Deadline
    identifiers: Identifiers
    status: Status
    applicant_name: str
    producer: Producer


@dataclass(frozen=True, slots=True)
class DeadlineSearch:
    """``kinds`` empty: all. Both days are included; ``first`` None: from today on, ``last`` None: no end."""

    first: date | None = None
    last: date | None = None
    kinds: tuple[DeadlineKind, ...] = ()


class ApplicationLists(Protocol):
    def page(
        self, search: ApplicationSearch, numbers: Numbers, after: ListCursor | None, size: int
    ) -> list[tuple[ListedApplication, ListCursor]]:
        """Those behind ``after`` in the order of the search, each with its own cursor.

        Of a cursor that goes backwards: those before it, the nearest first.
        """
        ...

    def count(self, search: ApplicationSearch, numbers: Numbers, most: int) -> int:
        """How many there are, counted up to ``most``."""
        ...


class Deadlines(Protocol):
    def put(self, number: int, writing_number: str, deadlines: Sequence[Deadline]) -> None:
        """These instead of what the application had."""
        ...

    def page(self, search: DeadlineSearch, numbers: Numbers, after: ListCursor | None, size: int) -> list[OpenDeadline]:
        """Soonest first. The cursor's value is the due date and the kind."""
        ...

    def count(self, search: DeadlineSearch, numbers: Numbers, most: int) -> int:
        """How many there are, counted up to ``most``."""
        ...
