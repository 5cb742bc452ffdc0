"""Contract: reads typed text out of a request and collects every problem of shape on the way."""

from __future__ import annotations

import re
from datetime import date

from stdnum.us import ssn as us_ssn

from chassis.kernel import InvalidInput, Money, Problem

# Python's own reading also takes weeks: 2026-W20-1.
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Form:
    """Collects problems while a message is read; ``close`` raises them all at once."""

    def __init__(self) -> None:
        self._problems: list[Problem] = []

    def day(self, field: str, text: str) -> date | None:
        """An ISO date; None for an empty text."""
        if not text:
            return None
        try:
            if _DAY.fullmatch(text):
                return date.fromisoformat(text)
        except ValueError:
            pass  # a month or a day that there is not: the same answer as for another shape
        self.refuse(field, "Give the date as year-month-day, such as 2026-04-01.")
        return None

    def ssn(self, field: str, text: str) -> str:
        """Nine digits, of a number that could have been issued."""
        digits = re.sub(r"[\s-]", "", text)
        if digits and not us_ssn.is_valid(digits):
            self.refuse(field, "Check the social security number: there is no such number.", "R46")
            return ""
        return digits

    def money(self, field: str, cents: int) -> Money:
        if cents < 0:
            self.refuse(field, "Give an amount of 0 or more.")
        return Money(cents)

    def refuse(self, field: str, message: str, rule: str = "") -> None:
        self._problems.append(Problem(field, message, rule))

    def close(self) -> None:
        if self._problems:
            message = "Some fields need to be corrected. Nothing was saved."
            raise InvalidInput(message, problems=tuple(self._problems))
