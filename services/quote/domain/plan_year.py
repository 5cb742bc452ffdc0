"""Domain: the plan year of an effective date."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from chassis.kernel import InvalidInput


def find_plan_year(effective_date: date, catalogue_years: Collection[int], today: date) -> int:
    """Individual plans run with the calendar year; a year without a catalogue is refused.

    The refusal offers the years that can still be bought ``today``: a catalogue of a past year is there to look at.
    """
    if effective_date.year in catalogue_years:
        return effective_date.year
    offered = [str(year) for year in sorted(catalogue_years) if year >= today.year]
    advice = f"choose a date in {' or '.join(offered)}." if offered else "none can be bought now. Contact support."
    raise InvalidInput.at(
        "effective_date", f"No plans are loaded for that year; {advice}", rule="R12", code="no_catalogue"
    )
