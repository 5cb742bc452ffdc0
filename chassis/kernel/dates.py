"""How a date is written for people, wherever English is read: in explanations, messages, pages and documents alike. How
a program writes one, and what is said of a text that is none.
"""

from __future__ import annotations

import re
from calendar import month_name, monthrange
from datetime import MAXYEAR, MINYEAR, date

# ``date.fromisoformat`` also takes weeks (2026-W20-1) and dates without dashes.
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")


def format_date(day: date) -> str:
    """ "6/1/2026": without leading zeros, as in lists (R106); a date field of a form alone shows "06/01/2026"."""
    return f"{day.month}/{day.day}/{day.year}"


def read_day(text: str) -> date | None:
    """The day of an ISO date; None for another text and for a day that there is not."""
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:  # a month or a day that there is not
        return None


def day_advice(text: str) -> str:
    """What to do about a text of which ``read_day`` makes no day."""
    shaped = _DAY.fullmatch(text)
    return (shaped and missing_day(*map(int, shaped.groups()))) or (
        "Enter the date as year-month-day, such as 2026-04-01."
    )


def missing_day(year: int, month: int, day: int) -> str:
    """Why a text in the shape of a date is no day of the calendar, as a sentence; empty for a day that exists."""
    if not MINYEAR <= year <= MAXYEAR:
        return f"There is no year {year:04d}. Check the date."
    if not 1 <= month <= 12:
        return f"There is no month {month}; months go from 1 to 12. Check the date."
    last = monthrange(year, month)[1]
    if not 1 <= day <= last:
        has = f"{month_name[month]} {year:04d} has no {_ordinal(day)} day"
        return f"{has}; its last is the {_ordinal(last)}. Check the date."
    return ""


def _ordinal(number: int) -> str:
    teens = number % 100 in (11, 12, 13)
    return f"{number}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"
