"""Command: make the blind indexes again after a new index key (docs/how-to/change-the-index-key.md)."""

from __future__ import annotations

import sys

from chassis.service import Runtime
from services.enrollment.settings import EnrollmentSettings
from services.enrollment.store.reindex import reindex_blind_indexes as make_indexes


def reindex(runtime: Runtime) -> None:
    settings = runtime.settings(EnrollmentSettings)
    done = make_indexes(runtime.database, settings.ssn_encryption)
    sys.stdout.write(f"Indexed {done:,} rows.\n")
