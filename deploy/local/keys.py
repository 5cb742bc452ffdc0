"""The secrets of one local suite, made once and kept in its state folder, readable by its owner alone."""

import base64
import json
import secrets
from collections.abc import Callable
from functools import partial
from pathlib import Path

from chassis.identity import generate_private_jwk

SERVICES = ("quote", "enrollment", "pcp", "payment", "documents")
OWNERS = (*SERVICES, "gateway")
"""Who has a database and signs with a key."""


def password() -> str:
    """192 random bits in characters that a URL takes as they are."""
    return secrets.token_urlsafe(24)


def secret_bytes() -> str:
    """32 random bytes (an AES-256 or HMAC-SHA-256 key) in base64."""
    return base64.b64encode(secrets.token_bytes(32)).decode()


MAKERS: dict[str, Callable[[], str]] = {
    "postgres": password,
    "rabbitmq": password,
    "DOCUMENTS_FIELD_KEY": secret_bytes,
    "ENROLLMENT_FIELD_KEY": secret_bytes,
    "ENROLLMENT_INDEX_KEY": secret_bytes,
    "QUOTE_FIELD_KEY": secret_bytes,
    "PAYMENT_CALLBACK_SECRET": secret_bytes,
    **{f"database.{owner}": password for owner in OWNERS},
    **{f"owner.{owner}": password for owner in OWNERS},
    **{f"identity.{owner}": partial(generate_private_jwk, owner) for owner in OWNERS},
}


def load_or_create_keys(file: Path) -> dict[str, str]:
    """Read the secrets; make those that are missing, so that a suite of an older version gets what is new."""
    kept: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}
    missing = {name: make() for name, make in MAKERS.items() if name not in kept}
    if missing:
        kept |= missing
        write_private(file, json.dumps(kept, indent=1))
    return kept


def write_private(file: Path, text: str) -> None:
    """Replace the file in one step; only its owner may read it."""
    fresh = file.with_name(f"{file.name}.new")
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=0o600)
    fresh.write_text(text)
    fresh.replace(file)
