"""Domain: the plan year of an effective date."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from chassis.kernel import InvalidInput


def find_plan_year(effective_date: date, catalogue_years: Collection[int], today: date) -> int:
    """Individual plans run with the calendar year; a year without a catalogue is refused."""
    if effective_date.year in catalogue_years:
        return effective_date.year
    message = explain_plan_years(effective_date.year, catalogue_years, today)
    raise InvalidInput.at("effective_date", message, rule="R12", code="no_catalogue")


def explain_plan_years(wanted: int, catalogue_years: Collection[int], today: date) -> str:
    """That nothing can be quoted for a year, and what a producer can do: a past year's plans are there to look at."""
    offered = [str(year) for year in sorted(catalogue_years) if year >= today.year]
    advice = f"Choose an effective date in {' or '.join(offered)}" if offered else "Choose another effective date"
    return f"Plans for {wanted} are not available. {advice}, or ask your administrator to load the plan year {wanted}."
