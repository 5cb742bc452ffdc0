"""Idempotency keys: a call that is repeated with the same key and content is answered as the first time.

Use cases go through ``chassis.kernel.run_once``.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from chassis.kernel.caller import Caller
from chassis.kernel.errors import AlreadyExists, InvalidInput

# Draft "Idempotency-Key" practice: long enough not to collide by chance, short enough for an index.
KEY_LENGTHS = range(8, 256)


@dataclass(frozen=True, slots=True)
class Command:
    """A call that makes something: the same key with the same content makes it once.

    ``operation`` keeps the keys of different calls apart; it is stored, so a new name frees the keys of the old one.
    ``content`` is the whole request as it was sent. Raises InvalidInput for a key that is too short or too long.
    """

    caller: Caller
    operation: str
    key: str
    content: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.key) not in KEY_LENGTHS:
            raise InvalidInput.at("idempotency_key", "Please send an idempotency key of 8 to 255 characters.")

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def key_reused() -> AlreadyExists:
    """The refusal of a key that came before with other content."""
    return AlreadyExists(
        "This idempotency key was used before with other content. Use a new key for a new request.",
        code="idempotency_key_reused",
    )
