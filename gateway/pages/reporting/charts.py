"""Bars by month as numbers for an SVG: the template draws them, so that no style stands in a page.

A month is a row, with its name before the bar and its value behind it. Widths are percents of the drawing and heights
are pixels, so that the text keeps its size at every width and no two labels meet, however many months there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

# Percent of the width: the month's name takes what is before the bars, a value what is behind the longest one.
BARS_FROM, BARS_TO = 26.0, 76.0
ROW, BAR = 24, 14
# An amount of more digits would not fit behind the longest bar on a phone.
_LONGEST_AMOUNT_CENTS = 100_000_00


@dataclass(frozen=True, slots=True)
class ChartBar:
    """``top`` in pixels; ``width`` and ``end`` in percent; ``text`` is the value in words, ``label`` the month."""

    top: int
    width: float
    end: float
    text: str
    label: str


@dataclass(frozen=True, slots=True)
class BarChart:
    title: str
    sentence: str
    height: int
    bars: Sequence[ChartBar]


def draw_bars(title: str, labels: Sequence[str], values: Sequence[int | None], texts: Sequence[str]) -> BarChart:
    """A bar for each value, None without one. ``sentence`` says the chart to whom cannot see it."""
    largest = max((value for value in values if value), default=0)
    bars = []
    for place, (label, value, text) in enumerate(zip(labels, values, texts, strict=True)):
        width = round((BARS_TO - BARS_FROM) * (value or 0) / largest, 2) if largest else 0.0
        bars.append(ChartBar(place * ROW + (ROW - BAR) // 2, width, round(BARS_FROM + width, 2), text, _shorten(label)))
    said = ", ".join(f"{label}: {text}" for label, text, value in zip(labels, texts, values, strict=True) if value)
    return BarChart(title, f"{title} by month. {said or 'None in this time'}.", len(bars) * ROW, bars)


def _shorten(month: str) -> str:
    """ "Sep 2026": the longest name of a month would reach into its bar on a phone."""
    name, _, year = month.partition(" ")
    return f"{name[:3]} {year}"


def shorten_amount(cents: int) -> str:
    """ "$4,567", or "$123K" and "$1.2M" for more than fits beside a bar."""
    if cents < _LONGEST_AMOUNT_CENTS:
        return f"${round(cents / 100):,}"
    thousands = round(cents / 1000_00)
    return f"${thousands}K" if thousands < 1000 else f"${thousands / 1000:.1f}M"
