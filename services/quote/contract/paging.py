"""Contract: pages of a list. A token is the place of the last quote, opaque to callers."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from uuid import UUID

from suite.common.v1 import common_pb2 as common

from chassis.kernel import InvalidInput
from services.quote.usecases.ports import Cursor

# common.proto, Page: what a screen shows, and what one answer may hold.
DEFAULT_SIZE = 50
MAX_SIZE = 200


def size(page: common.Page) -> int:
    if not 0 <= page.size <= MAX_SIZE:
        raise InvalidInput.at("page.size", f"A page has 1 to {MAX_SIZE} quotes.")
    return page.size or DEFAULT_SIZE


def cursor(page: common.Page) -> Cursor | None:
    if not page.token:
        return None
    try:
        created_at, quote_id = base64.urlsafe_b64decode(page.token.encode()).decode().split(" ")
        return Cursor(datetime.fromisoformat(created_at).astimezone(UTC), str(UUID(quote_id)))
    except (ValueError, OverflowError):
        raise InvalidInput.at("page.token", "This page token is not one of ours; start at the first page.") from None


def token(cursor: Cursor | None) -> str:
    if cursor is None:
        return ""
    return base64.urlsafe_b64encode(f"{cursor.created_at.isoformat()} {cursor.quote_id}".encode()).decode()
