"""Bars by month as numbers for an SVG: the template draws them, so that no style stands in a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 640, 200
# Room for the largest value above the bars, and for the months below.
_TOP, _BOTTOM = 24, 28


@dataclass(frozen=True, slots=True)
class ChartBar:
    """A bar of the chart in its units; ``text`` is its value in words, ``label`` what stands below."""

    x: float
    y: float
    width: float
    height: float
    text: str
    label: str
    middle: float


@dataclass(frozen=True, slots=True)
class BarChart:
    title: str
    sentence: str
    bars: Sequence[ChartBar]


def draw_bars(title: str, labels: Sequence[str], values: Sequence[int | None], texts: Sequence[str]) -> BarChart:
    """A bar for each value, None without one. ``sentence`` says the chart to whom cannot see it."""
    largest = max((value for value in values if value), default=0)
    slot = WIDTH / max(len(values), 1)
    bars = []
    for place, (label, value, text) in enumerate(zip(labels, values, texts, strict=True)):
        height = (HEIGHT - _TOP - _BOTTOM) * (value or 0) / largest if largest else 0.0
        left, width = slot * place + slot * 0.15, slot * 0.7
        top = HEIGHT - _BOTTOM - height
        bars.append(
            ChartBar(
                round(left, 1),
                round(top, 1),
                round(width, 1),
                round(height, 1),
                text,
                label,
                round(left + width / 2, 1),
            )
        )
    said = ", ".join(f"{label}: {text}" for label, text, value in zip(labels, texts, values, strict=True) if value)
    return BarChart(title, f"{title} by month. {said or 'None in this time'}.", bars)
