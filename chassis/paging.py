"""Pages of a list: their size, and the sealed tokens that lead from one to the next.

A token holds the cursor of the last row, which may be a name: it is sealed, not just encoded. The seal binds it to the
list that it was given for, so that no page continues another list: ``list_id_of`` names it by person, rpc, filter and
order. Plan lists are the exception: one answer serves everybody, so their tokens, which hold a plan's id, are bound to
the rpc alone (docs/adr/0018). The key serves nothing else (``Runtime.page_tokens``).
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, is_dataclass
from typing import TypeVar, get_type_hints

from google.protobuf.message import Message
from suite.common.v1 import common_pb2

from chassis.crypto import DecryptionFailed, FieldCipher, LocalKey
from chassis.kernel import Caller, InvalidInput

# What a screen shows. What one answer may hold is in common.proto, Page.
DEFAULT_SIZE = 50
# A key of its own: anyone who learns it can forge pages, and read or write nothing else.
KEY_PURPOSE = "suite page tokens"

Cursor = TypeVar("Cursor")


@dataclass(frozen=True, slots=True)
class PageTokens:
    """Seals cursors and opens them again. A new key ends the pages that are being turned, and nothing else."""

    cipher: FieldCipher

    @classmethod
    def with_key(cls, key: bytes) -> PageTokens:
        """``key``: 32 bytes, the same in every process of a service."""
        return cls(FieldCipher(LocalKey(key), "page", "token"))

    def make(self, cursor: Sequence[str | int] | None, list_id: str) -> str:
        """The token of the page behind the cursor; empty when there is no cursor, since that was the last page."""
        if cursor is None:
            return ""
        sealed = self.cipher.encrypt(json.dumps(list(cursor)), list_id)
        return base64.urlsafe_b64encode(sealed).decode().rstrip("=")

    def read(self, page: common_pb2.Page, list_id: str, cursor: type[Cursor]) -> Cursor | None:
        """The cursor behind which the page begins, None for the first one.

        ``cursor``: a dataclass of texts and whole numbers, or ``str``. Raises InvalidInput for a token of another
        list, another key or of nobody's, and for one of an older release that holds other types of values.
        """
        if not page.token:
            return None
        try:
            sealed = base64.b64decode(page.token + "=" * (-len(page.token) % 4), altchars=b"-_", validate=True)
            return _build(cursor, json.loads(self.cipher.decrypt(sealed, list_id)))
        except (DecryptionFailed, ValueError):
            message = "This page token does not belong to this list. Start again at the first page."
            raise InvalidInput.at("page.token", message) from None


def _build(cursor: type[Cursor], held: object) -> Cursor:
    kinds = list(get_type_hints(cursor).values()) if is_dataclass(cursor) else [cursor]
    if not isinstance(held, list) or [type(value) for value in held] != kinds:
        raise ValueError("the cursor of another release")
    return cursor(*held)


def list_id_of(request: Message, caller: Caller) -> str:
    """Names one person's list: who asked, and everything that was asked but the page itself."""
    asked = type(request)()
    asked.CopyFrom(request)
    asked.ClearField("page")
    content = asked.SerializeToString(deterministic=True)
    return f"{request.DESCRIPTOR.name}/{caller.subject}/{hashlib.sha256(content).hexdigest()}"


def page_size(page: common_pb2.Page, default: int = DEFAULT_SIZE) -> int:
    """Rows wanted."""
    return page.size or default
