"""Problems of shape that are found while a message is read: all of them are reported at once."""

from __future__ import annotations

import re
from datetime import date

from chassis.kernel import Money, Problem, ProblemList, day_advice, read_day

_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")


class Problems(ProblemList):
    """Reads typed text by field path, and collects what cannot be read."""

    def refuse(self, field: str, message: str, rule: str = "") -> None:
        self.add([Problem(field, message, rule)])

    def day(self, field: str, text: str) -> date | None:
        """An ISO date; None for an empty text, and for one that cannot be read."""
        day = read_day(text)
        if text and day is None:
            self.refuse(field, day_advice(text))
        return day

    def required_day(self, field: str, text: str) -> date:
        """``date.min`` stands for what cannot be read."""
        day = read_day(text)
        if day is None:
            self.refuse(field, day_advice(text))
        return day or date.min

    def month(self, field: str, text: str) -> date:
        """The first day of a month such as "2026-05"; ``date.min`` stands for what cannot be read."""
        advice = "Enter the month as year-month, such as 2026-04."
        # centuries around ours: whoever counts months from it never leaves the calendar
        if _MONTH.fullmatch(text) and "1900" <= text[:4] <= "2999":
            if first := read_day(f"{text}-01"):
                return first
            advice = day_advice(f"{text}-01")
        self.refuse(field, advice)
        return date.min

    def money(self, field: str, cents: int) -> Money:
        if cents < 0:
            self.refuse(field, "Enter an amount of 0 or more.")
        return Money(cents)


class AnswerProblems(Problems):
    """For answers of our own services and for events: they are right, or this release cannot read them."""

    def refuse(self, field: str, message: str, rule: str = "") -> None:
        raise ValueError(f"{field}: {message}")
