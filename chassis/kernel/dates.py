"""How a date is written for people, wherever English is read: in explanations, messages, pages and documents alike."""

from __future__ import annotations

from datetime import date


def format_date(day: date) -> str:
    """ "6/1/2026": without leading zeros, as in lists (R106); a date field of a form alone shows "06/01/2026"."""
    return f"{day.month}/{day.day}/{day.year}"
