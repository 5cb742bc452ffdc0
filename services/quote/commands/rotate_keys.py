"""Command: wrap the birth dates of quotes under the current key (docs/how-to/rotate-keys.md)."""

from __future__ import annotations

from chassis import rotate_keys as command
from chassis.db.key_rotation import SealedColumn
from chassis.service import Runtime
from services.quote.settings import QuoteSettings
from services.quote.store.tables import INFRASTRUCTURE, QuoteRow


def rotate_keys(runtime: Runtime) -> None:
    settings = runtime.settings(QuoteSettings)
    column = SealedColumn(settings.birth_dates.cipher.cipher, QuoteRow.quote_id, QuoteRow.birth_dates_sealed)
    command.rotate_keys(runtime, settings.key_ring, INFRASTRUCTURE, [column], {})
