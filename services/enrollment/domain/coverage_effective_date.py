"""Domain: the calculated first day of coverage, with the rule that gave it (R28)."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from services.enrollment.domain.effective_dates import DateOption
from services.enrollment.domain.steps import LifeEvent


@dataclass(frozen=True, slots=True)
class CoverageEffectiveDate:
    """``life_event`` is empty when open enrollment gave the date."""

    date: datetime.date
    reason: str
    rule: str
    life_event: str = ""
    life_event_date: datetime.date | None = None

    @classmethod
    def by(cls, option: DateOption) -> CoverageEffectiveDate:
        return cls(option.effective_date, option.explanation, option.rule, option.life_event, option.life_event_date)

    def is_among(self, options: Iterable[DateOption]) -> bool:
        """Whether the date, and what justifies it, is still offered."""
        return any(
            (self.date, self.life_event, self.life_event_date)
            == (option.effective_date, option.life_event, option.life_event_date)
            for option in options
        )

    def is_justified_by(self, event: LifeEvent) -> bool:
        return (self.life_event, self.life_event_date) == (event.kind, event.date)
