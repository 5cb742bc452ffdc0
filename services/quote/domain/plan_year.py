"""Domain: the plan year of an effective date."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from chassis.kernel import InvalidInput


def find_plan_year(effective_date: date, catalogue_years: Collection[int], today: date) -> int:
    """Individual plans run with the calendar year; a year without a catalogue is refused."""
    if effective_date.year in catalogue_years:
        return effective_date.year
    message = f"No plans are loaded for that year; {offer_plan_years(catalogue_years, today)}"
    raise InvalidInput.at("effective_date", message, rule="R12", code="no_catalogue")


def offer_plan_years(catalogue_years: Collection[int], today: date) -> str:
    """The years that can still be bought ``today``, for a sentence: a past year's catalogue is there to look at."""
    offered = [str(year) for year in sorted(catalogue_years) if year >= today.year]
    return f"choose a date in {' or '.join(offered)}." if offered else "none can be bought now. Contact support."
