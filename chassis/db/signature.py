"""What makes a row of the audit its writer's: an HMAC over its values, under a key that the database does not have.

Whoever may change rows, but has not the service's identity key, cannot make one that verifies (docs/adr/0046).
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Table

# For ``Runtime.derive_key``.
KEY_PURPOSE = "suite audit"
# Which values are signed, in this order. A column that comes later is signed under another name of the form.
SIGNED_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "audit": ("at", "actor", "on_behalf_of", "subject", "action", "summary", "changed_fields", "trace_id"),
    "access_log": (
        *("at", "actor", "actor_kind", "on_behalf_of", "grant_id", "operation", "subjects", "personal_data"),
        *("outcome", "trace_id"),
    ),
}


class AuditSigner:
    """Signs rows. ``key``: asked for when the first row is signed, for a process that writes none needs no key."""

    def __init__(self, key: Callable[[], bytes]) -> None:
        self._ask = key

    @cached_property
    def key(self) -> bytes:
        return self._ask()

    def sign(self, table: Table, row: Mapping[str, Any]) -> bytes:
        return hmac.digest(self.key, content_of(table.name, row), hashlib.sha256)


def content_of(table: str, row: Mapping[str, Any]) -> bytes:
    """A row as it is signed: the same bytes when it is written and when it was read again."""
    values = [table, *(_plain(row[name]) for name in SIGNED_COLUMNS[table])]
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, Sequence) and not isinstance(value, str):
        return list(value)
    return value
