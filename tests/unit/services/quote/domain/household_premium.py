"""A household's premium from its lines, which the rate matrix and the samples are held against."""

from __future__ import annotations

from datetime import date

from services.quote.domain.household import Household
from services.quote.domain.premium import Premium
from services.quote.domain.rates import RateTable
from services.quote.domain.rating import compute_premium_lines


def rate_household(
    household: Household, effective_date: date, rates: RateTable, charged_children: int | None
) -> Premium:
    """Raises ``RateNotFiled`` when any charged member's rate is missing."""
    return Premium.from_lines(compute_premium_lines(household, effective_date, rates, charged_children))
