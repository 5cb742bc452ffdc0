"""Payment Confirmation Numbers (R91)."""

from __future__ import annotations

import secrets

# Read aloud and typed again by people: no 0/O, 1/I/L. 31^10 is far more than there will ever be payments.
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 10


def create_confirmation_number() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
