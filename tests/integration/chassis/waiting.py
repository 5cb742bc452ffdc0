"""Waiting for what has to come, and no longer than that."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

# Generous, since the machine may be busy with other things; what comes, comes in well under a second.
PATIENCE_SECONDS = 30.0


def until(condition: Callable[[], T], seconds: float = PATIENCE_SECONDS) -> T:
    """Ask again and again; gives the first answer that counts as true, raises when none comes in time."""
    end = time.monotonic() + seconds
    while not (answer := condition()):
        if time.monotonic() > end:
            raise TimeoutError(f"{condition} did not come true within {seconds:g} s; last answer: {answer!r}")
        time.sleep(0.02)
    return answer
