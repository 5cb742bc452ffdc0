"""Domain: calendar arithmetic and how dates are shown in sentences."""

from __future__ import annotations

from datetime import date, timedelta


def age_on(born: date, day: date) -> int:
    """Completed years; somebody born on 29 February turns a year older on 1 March of a common year."""
    had_birthday = (day.month, day.day) >= (born.month, born.day)
    return day.year - born.year - (0 if had_birthday else 1)


def first_of_next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def first_on_or_after(day: date) -> date:
    """The day itself when it is the first of a month."""
    return day if day.day == 1 else first_of_next_month(day)


def is_last_of_month(day: date) -> bool:
    return (day + timedelta(days=1)).day == 1


def months_before(day: date, months: int) -> date:
    """The same day of an earlier month; its last day where that month is shorter."""
    index = day.year * 12 + day.month - 1 - months
    first = date(index // 12, index % 12 + 1, 1)
    last = first_of_next_month(first) - timedelta(days=1)
    return first.replace(day=min(day.day, last.day))


def months_due(effective_date: date, today: date) -> int:
    """Months that the first payment has to cover: one, or each from a retroactive date to now (rules.md 6)."""
    begun = (today.year - effective_date.year) * 12 + today.month - effective_date.month + 1
    return max(1, begun)
