"""Idempotency keys: a call that is repeated with the same key and content is answered as the first time.

Use cases go through ``chassis.kernel.run_once``.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from chassis.kernel.caller import Caller
from chassis.kernel.errors import AlreadyExists


@dataclass(frozen=True, slots=True)
class Command:
    """A call that makes something: the same key with the same content makes it once.

    ``operation`` keeps the keys of different calls apart; it is stored, so a new name frees the keys of the old one.
    ``content`` is the whole request as it was sent. The contract says how long a key is (TextFormat in common.proto).
    """

    caller: Caller
    operation: str
    key: str
    content: bytes = field(repr=False)

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def key_reused() -> AlreadyExists:
    """The refusal of a key that came before with other content."""
    return AlreadyExists(
        "This idempotency key was used before with other content. Use a new key for a new request.",
        code="idempotency_key_reused",
    )
