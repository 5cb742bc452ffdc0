"""Command: wrap social security numbers under the current key (docs/how-to/rotate-keys.md)."""

from __future__ import annotations

from chassis import rotate_keys as command
from chassis.db.key_rotation import SealedColumn
from chassis.service import Runtime
from services.enrollment.settings import EnrollmentSettings
from services.enrollment.store.tables import INFRASTRUCTURE, PersonRow


def rotate_keys(runtime: Runtime) -> None:
    settings = runtime.settings(EnrollmentSettings)
    column = SealedColumn(settings.ssn_encryption.cipher, PersonRow.person_id, PersonRow.ssn)
    command.rotate_keys(runtime, settings.key_ring, INFRASTRUCTURE, [column], {})
