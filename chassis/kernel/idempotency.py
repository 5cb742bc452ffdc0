"""Idempotency keys: a call that is repeated with the same key and content is answered as the first time."""

from __future__ import annotations

from chassis.kernel.errors import AlreadyExists, InvalidInput

# Draft "Idempotency-Key" practice: long enough not to collide by chance, short enough for an index.
KEY_LENGTHS = range(8, 256)


def check_key(key: str) -> None:
    """Raise InvalidInput for a key that is too short or too long."""
    if len(key) not in KEY_LENGTHS:
        raise InvalidInput.at("idempotency_key", "Please send an idempotency key of 8 to 255 characters.")


def key_reused() -> AlreadyExists:
    """The refusal of a key that came before with other content."""
    return AlreadyExists(
        "This idempotency key was used before with other content. Use a new key for a new request.",
        code="idempotency_key_reused",
    )
