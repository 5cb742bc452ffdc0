"""Contract: page tokens. A token holds the place of the last row, which may be a name: it is sealed, not just encoded.

The seal binds it to the person, the rpc and everything else that was asked, so that no page continues another list.
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass

from google.protobuf.message import Message
from suite.common.v1 import common_pb2

from chassis.crypto import DecryptionFailed, FieldCipher, LocalKey
from chassis.kernel import Caller, InvalidInput
from services.enrollment.domain.application_list import Place

DEFAULT_PAGE, LARGEST_PAGE = 50, 200


@dataclass(frozen=True, slots=True)
class PageTokens:
    cipher: FieldCipher

    @classmethod
    def with_key(cls, key: str) -> PageTokens:
        """Base64 of 32 bytes. A new key ends the pages that are being turned, and nothing else."""
        return cls(FieldCipher(LocalKey.from_base64(key), "page", "token"))

    def give(self, place: Place | None, request: Message, caller: Caller) -> str:
        """The next page's token; empty when there is none."""
        if place is None:
            return ""
        sealed = self.cipher.encrypt(json.dumps([place.value, place.number]), _purpose(request, caller))
        return base64.urlsafe_b64encode(sealed).decode().rstrip("=")

    def take(self, page: common_pb2.Page, request: Message, caller: Caller) -> Place | None:
        """Where the page begins; None for the first one."""
        if not page.token:
            return None
        try:
            sealed = base64.b64decode(page.token + "=" * (-len(page.token) % 4), altchars=b"-_", validate=True)
            value, number = json.loads(self.cipher.decrypt(sealed, _purpose(request, caller)))
        except (DecryptionFailed, ValueError):
            message = "This page token does not belong to this list. Start again at the first page."
            raise InvalidInput.at("page.token", message) from None
        return Place(value, number)


def size_of(page: common_pb2.Page, default: int = DEFAULT_PAGE) -> int:
    if not 0 <= page.size <= LARGEST_PAGE:
        raise InvalidInput.at("page.size", f"Ask for 1 to {LARGEST_PAGE} rows.")
    return page.size or default


def _purpose(request: Message, caller: Caller) -> str:
    """Everything that was asked but the page itself, and who asked."""
    asked = type(request)()
    asked.CopyFrom(request)
    asked.ClearField("page")
    content = asked.SerializeToString(deterministic=True)
    return f"{request.DESCRIPTOR.name}/{caller.subject}/{hashlib.sha256(content).hexdigest()}"
