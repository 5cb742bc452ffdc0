"""How long each kind of document is kept."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum


class DocumentKind(StrEnum):
    APPLICATION_PDF = "application_pdf"
    PROOF = "proof_document"


KEPT_YEARS = {
    # it holds the consent and the record of the client's review: ten years (45 CFR 155.220(j)(2), rules.md 8)
    DocumentKind.APPLICATION_PDF: 10,
    # as the producer keeps the paper application that it belongs to (R39)
    DocumentKind.PROOF: 2,
}


def keep_until(kind: DocumentKind, made_at: datetime) -> date:
    """The last day on which it has to be there."""
    return _years_later(made_at.date(), KEPT_YEARS[kind])


def made_before(kind: DocumentKind, today: date) -> date:
    """Documents of a day before this one need not be kept any more."""
    return _years_later(today, -KEPT_YEARS[kind])


def _years_later(day: date, years: int) -> date:
    """The same day of another year; of 29 February the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
