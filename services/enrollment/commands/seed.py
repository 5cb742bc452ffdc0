"""Command: load ZIP codes, counties and addresses."""

from __future__ import annotations

from chassis.service import Runtime
from services.enrollment.store.geography_loader import load_places


def seed(runtime: Runtime) -> None:
    """Safe to run again: the same files change nothing."""
    load_places(runtime.database)
