"""An insert of which nobody needs to know anything."""

from __future__ import annotations

from functools import cache

from sqlalchemy import Insert, Table, insert

from chassis.db.batching import deferred


@cache
def add_row(table: Table) -> Insert:
    """It asks for nothing back, and is built once, for building costs more than running it."""
    return deferred(insert(table).inline())
