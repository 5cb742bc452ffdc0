"""Use cases: whose records a caller may see."""

from __future__ import annotations

from chassis.kernel import Caller
from services.enrollment.usecases.overview_ports import Numbers


def visible_numbers(caller: Caller) -> Numbers:
    """Writing numbers whose records the caller may see; None: all, for another service."""
    return None if caller.is_service else caller.numbers
