"""Domain: the same person on another application or quote of the same writing number (R14 and beyond)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from services.enrollment.domain.enums import Status

RESUMABLE = (Status.INCOMPLETE, Status.FAILED)
SENT = (Status.SUBMITTING, Status.SUBMITTED)


class DuplicateMatch(StrEnum):
    """Why two are held to be about the same person; the surest first."""

    SAME_SSN = "same_ssn"
    SAME_NAME_AND_BIRTH_DATE = "same_name_and_birth_date"
    SAME_QUOTE = "same_quote"
    # A household shares one: a hint, never asked about.
    SAME_PHONE = "same_phone"


class NewApplicationReason(StrEnum):
    """Why there is a second application all the same; for the timeline, so that nothing is typed."""

    DIFFERENT_COVERAGE = "different_coverage"
    MISTAKE_IN_OTHER = "mistake_in_other"
    CLIENT_ASKED = "client_asked"
    OTHER = "other"

    @property
    def words(self) -> str:
        return _WORDS[self]


_WORDS = {
    NewApplicationReason.DIFFERENT_COVERAGE: "it is for different coverage",
    NewApplicationReason.MISTAKE_IN_OTHER: "the other one has a mistake",
    NewApplicationReason.CLIENT_ASKED: "the client asked for it",
    NewApplicationReason.OTHER: "of another reason",
}


@dataclass(frozen=True, slots=True)
class Duplicate:
    """An application, or with an empty record number a quote, with the same person."""

    matches: tuple[DuplicateMatch, ...]
    record_number: str = ""
    quote_id: str = ""
    # None of a quote.
    status: Status | None = None
    effective_date: date | None = None
    applicant_name: str = ""
    updated_at: datetime | None = None

    @property
    def can_be_resumed(self) -> bool:
        return self.status in RESUMABLE

    @property
    def was_sent(self) -> bool:
        return self.status in SENT

    def asks_before(self, year: int) -> bool:
        """Whether nothing is started beside it without a question: an open one, or one sent for ``year`` or later."""
        if self.status in RESUMABLE:
            return True
        return self.was_sent and self.effective_date is not None and self.effective_date.year >= year


@dataclass(frozen=True, slots=True)
class DuplicateExplanation:
    """Why an application exists beside others; it says nothing of others that come later."""

    reason: NewApplicationReason
    record_numbers: tuple[str, ...]

    def __str__(self) -> str:
        return f"in addition to {', '.join(self.record_numbers)}, because {self.reason.words}"
