"""The days of a report that is asked for by months; both services that report judge them alike."""

from __future__ import annotations

from datetime import date, timedelta

from chassis.kernel.errors import InvalidInput

# Two plan years side by side; more would read more of the book than a page can show.
MOST_MONTHS = 24


def report_dates(first: date, last: date) -> tuple[date, date]:
    """The first and the last day. ``first`` and ``last``: the first days of the first and the last month.

    Raises InvalidInput for months in the wrong order, and for too many.
    """
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    if months < 1:
        raise InvalidInput.at("last_month", "The last month is before the first month. Choose a later month.")
    if months > MOST_MONTHS:
        raise InvalidInput.at("first_month", f"Choose at most {MOST_MONTHS} months.")
    return first, (last + timedelta(days=31)).replace(day=1) - timedelta(days=1)
