"""Command: wrap social security numbers and birth dates under the current key (docs/how-to/rotate-keys.md)."""

from __future__ import annotations

from chassis import rotate_keys as command
from chassis.db.key_rotation import SealedColumn
from chassis.service import Runtime
from services.enrollment.settings import EnrollmentSettings
from services.enrollment.store.tables import INFRASTRUCTURE, ClientReviewRow, ClientRow, PersonRow


def rotate_keys(runtime: Runtime) -> None:
    settings = runtime.settings(EnrollmentSettings)
    encryption = settings.ssn_encryption
    born = encryption.birth_dates
    columns = [
        SealedColumn(encryption.cipher, PersonRow.person_id, PersonRow.ssn),
        SealedColumn(born.person.cipher, PersonRow.person_id, PersonRow.birth_date_sealed),
        SealedColumn(born.first_identity.cipher, PersonRow.person_id, PersonRow.first_identity_sealed),
        SealedColumn(born.client.cipher, ClientRow.client_id, ClientRow.birth_date_sealed),
        SealedColumn(born.shown.cipher, ClientReviewRow.review_id, ClientReviewRow.shown_sealed),
    ]
    command.rotate_keys(runtime, settings.key_ring, INFRASTRUCTURE, columns, {})
