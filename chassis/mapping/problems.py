"""Problems of shape that are found while a message is read: all of them are reported at once."""

from __future__ import annotations

import re
from datetime import date

from chassis.kernel import InvalidInput, Money, Problem

# ``date.fromisoformat`` also takes weeks (2026-W20-1) and dates without dashes.
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Problems:
    """Collects problems by field path; ``close`` raises them."""

    summary = "Some fields need to be corrected. Nothing was saved."

    def __init__(self) -> None:
        self._found: list[Problem] = []

    def refuse(self, field: str, message: str, rule: str = "") -> None:
        self._found.append(Problem(field, message, rule))

    def day(self, field: str, text: str) -> date | None:
        """An ISO date; None for an empty text."""
        return self.required_day(field, text) if text else None

    def required_day(self, field: str, text: str) -> date:
        """``date.min`` stands for what cannot be read."""
        try:
            if _DAY.fullmatch(text):
                return date.fromisoformat(text)
        except ValueError:
            pass  # a month or a day that there is not: the same answer as for another shape
        self.refuse(field, "Enter the date as year-month-day, such as 2026-04-01.")
        return date.min

    def month(self, field: str, text: str) -> date:
        """The first day of a month such as "2026-05"; ``date.min`` stands for what cannot be read."""
        try:
            # centuries around ours: whoever counts months from it never leaves the calendar
            if _DAY.fullmatch(f"{text}-01") and "1900" <= text[:4] <= "2999":
                return date.fromisoformat(f"{text}-01")
        except ValueError:
            pass  # a month that there is not: the same answer as for another shape
        self.refuse(field, "Enter the month as year-month, such as 2026-04.")
        return date.min

    def money(self, field: str, cents: int) -> Money:
        if cents < 0:
            self.refuse(field, "Enter an amount of 0 or more.")
        return Money(cents)

    def close(self) -> None:
        if self._found:
            raise InvalidInput(self.summary, problems=tuple(self._found))


class AnswerProblems(Problems):
    """For answers of our own services and for events: they are right, or this release cannot read them."""

    def refuse(self, field: str, message: str, rule: str = "") -> None:
        raise ValueError(f"{field}: {message}")
