"""Domain: the calculated first day of coverage, with the rule that gave it (R28)."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from services.enrollment.domain.effective_dates import Option


@dataclass(frozen=True, slots=True)
class CoverageStart:
    """``life_event`` is empty when open enrollment gave the date."""

    date: datetime.date
    reason: str
    rule: str
    life_event: str = ""

    @classmethod
    def by(cls, option: Option) -> CoverageStart:
        return cls(option.effective_date, option.explanation, option.rule, option.life_event)
