"""What people report as wrong in an entry of the directory."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class EntryFault(StrEnum):
    """What is wrong."""

    PHONE = "phone"
    MOVED = "moved"
    NEW_PATIENTS = "new_patients"
    NOT_AT_OFFICE = "not_at_office"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class EntryReport:
    """``reported_by``: the sign-in name of whoever said so. ``note``: what is right instead."""

    pcp_id: str
    fault: EntryFault
    note: str
    reported_by: str
    reported_on: date


def is_open(reported_on: date, entry_updated_on: date | None) -> bool:
    """Whether the carrier has not updated the entry since."""
    return entry_updated_on is None or entry_updated_on <= reported_on
