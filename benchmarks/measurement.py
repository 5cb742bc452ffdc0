"""How figures are taken, and the table that says which targets they meet.

Times are processor time, the best of several turns, so that neighbors count little.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


def measure_seconds(work: Callable[[], object], *, repeat: int = 5, number: int = 1) -> float:
    """The least processor time that one call of ``work`` took."""
    best = float("inf")
    for _ in range(repeat):
        started = time.process_time()
        for _ in range(number):
            work()
        best = min(best, (time.process_time() - started) / number)
    return best


class Bound(StrEnum):
    AT_LEAST = "at least"
    AT_MOST = "at most"


@dataclass(frozen=True, slots=True)
class Target:
    """What has to be reached, and the command that measures it."""

    what: str
    bound: Bound
    goal: float
    command: str

    def is_met_by(self, measured: float) -> bool:
        return measured >= self.goal if self.bound is Bound.AT_LEAST else measured <= self.goal


# What one run found.
Measured = Mapping[Target, float]


def target_lines(targets: Iterable[Target], measured: Measured) -> list[str]:
    """A heading and a line for each target, met, missed or not measured by this run."""
    rows = [("target", "goal", "measured", "", "measured by")]
    for target in targets:
        found, word = "-", "not measured"
        if target in measured:
            found = _figure(measured[target])
            word = "met" if target.is_met_by(measured[target]) else "missed"
        rows.append((target.what, f"{target.bound} {target.goal:g}", found, word, target.command))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def print_targets(targets: Iterable[Target], measured: Measured) -> None:
    print("\n" + "\n".join(target_lines(targets, measured)), flush=True)


def _figure(measured: float) -> str:
    """Three digits that count: what is nearer to its goal than that is told by met or missed."""
    return f"{measured:,.0f}" if abs(measured) >= 100 else f"{measured:.3g}"
