"""Domain: the plan year of an effective date."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from chassis.kernel import InvalidInput


def find_plan_year(effective_date: date, catalogue_years: Collection[int]) -> int:
    """Individual plans run with the calendar year; a year without a catalogue is refused."""
    if effective_date.year in catalogue_years:
        return effective_date.year
    years = ", ".join(str(year) for year in sorted(catalogue_years)) or "none"
    message = f"No plans are loaded for that year; choose a date in one of these years: {years}."
    raise InvalidInput.at("effective_date", message, rule="R12", code="no_catalogue")
