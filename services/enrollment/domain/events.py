"""Domain: what happened to an application. No name, birth date, address or social security number."""

from __future__ import annotations

from dataclasses import dataclass

from services.enrollment.domain.application import Application
from services.enrollment.domain.termination import CoverageTermination


@dataclass(frozen=True, slots=True)
class ApplicationStarted:
    application: Application


@dataclass(frozen=True, slots=True)
class SubmissionRequested:
    record_number: str
    attempt: int


@dataclass(frozen=True, slots=True)
class ApplicationSubmitted:
    application: Application


@dataclass(frozen=True, slots=True)
class SubmissionFailed:
    application: Application


@dataclass(frozen=True, slots=True)
class ApplicationCancelled:
    application: Application


@dataclass(frozen=True, slots=True)
class CoverageTerminated:
    application: Application
    termination: CoverageTermination


@dataclass(frozen=True, slots=True)
class ContactChanged:
    application: Application


@dataclass(frozen=True, slots=True)
class ApplicationExpired:
    """A draft or a failed application whose last day has passed."""

    record_number: str
    state: str
    writing_number: str


@dataclass(frozen=True, slots=True)
class ClientCreated:
    """Known from a quote, or else from an application."""

    client_id: str
    state: str
    writing_number: str
    quote_id: str = ""
    record_number: str = ""


@dataclass(frozen=True, slots=True)
class ReviewSigned:
    """The client signed by a review link."""

    record_number: str
    state: str
    writing_number: str
    review_id: str


@dataclass(frozen=True, slots=True)
class ReviewReturned:
    """The client marked something as wrong."""

    record_number: str
    state: str
    writing_number: str
    review_id: str


@dataclass(frozen=True, slots=True)
class ReviewOutdated:
    """What the client signed was changed."""

    record_number: str
    state: str
    writing_number: str
    review_id: str


@dataclass(frozen=True, slots=True)
class ReviewWithdrawn:
    """The client withdrew the consent."""

    record_number: str
    state: str
    writing_number: str
    review_id: str
