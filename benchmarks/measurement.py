"""How the figures are taken: processor time, the best of several turns, so that neighbours count little."""

from __future__ import annotations

import time
from collections.abc import Callable


def measure_seconds(work: Callable[[], object], *, repeat: int = 5, number: int = 1) -> float:
    """The least processor time that one call of ``work`` took."""
    best = float("inf")
    for _ in range(repeat):
        started = time.process_time()
        for _ in range(number):
            work()
        best = min(best, (time.process_time() - started) / number)
    return best
