"""Domain: what others may know of quotes. No name and no birth date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class QuoteCreated:
    quote_id: str
    state: str
    writing_number: str
    effective_date: date
    member_count: int


@dataclass(frozen=True, slots=True)
class QuoteUpdated:
    """People, place or date changed; what stands here is the new."""

    quote_id: str
    state: str
    writing_number: str
    effective_date: date
    member_count: int


@dataclass(frozen=True, slots=True)
class QuoteSelected:
    """A plan id is None where none of its kind was chosen."""

    quote_id: str
    state: str
    writing_number: str
    medical_plan_id: str | None
    dental_plan_id: str | None


@dataclass(frozen=True, slots=True)
class QuoteExpired:
    quote_id: str
    state: str
    writing_number: str


@dataclass(frozen=True, slots=True)
class QuoteDelivered:
    quote_id: str
    state: str
    writing_number: str
    link_id: str
