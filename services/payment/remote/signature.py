"""Remote: signatures of callbacks in the Standard Webhooks form.

HMAC-SHA256 over ``id.timestamp.body``, base64, in ``webhook-signature: v1,<mac> v1,<mac>``. The body is the raw bytes
as received. Several signatures, and several secrets, are allowed while a secret is being changed.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence

# Common value of Stripe and Standard Webhooks: enough for clocks and queues, too short to use a stolen request.
TOLERANCE_SECONDS = 300
# Standard Webhooks: secrets of 24 to 64 random bytes.
SECRET_LENGTHS = range(24, 65)
# How Standard Webhooks writes a secret down; processors give theirs out like this.
_WRITTEN_PREFIX = "whsec_"
# More signatures than any change of secrets needs; the rest of a long header is not looked at.
MAX_SIGNATURES = 5
# Seconds since 1970, with room for the next 30,000 years.
_TIMESTAMP = re.compile(r"[0-9]{1,12}", re.ASCII)


class BadSignature(Exception):
    """Nobody whom we know signed this, or not now."""


def secrets_of(text: str) -> list[bytes]:
    """The secrets in a setting: base64, with or without ``whsec_`` before it, newest first, separated by blanks."""
    try:
        secrets = [base64.b64decode(word.removeprefix(_WRITTEN_PREFIX), validate=True) for word in text.split()]
    except ValueError:
        secrets = []
    if not secrets or any(len(secret) not in SECRET_LENGTHS for secret in secrets):
        raise ValueError(
            "give one or more random secrets of 24 to 64 bytes, in base64 with or without whsec_, separated by blanks"
        )
    return secrets


def signed_headers(secret: bytes, message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The three headers of a callback that is sent now."""
    mac = base64.b64encode(_mac(secret, message_id, str(timestamp), body)).decode()
    return {"webhook-id": message_id, "webhook-timestamp": str(timestamp), "webhook-signature": f"v1,{mac}"}


def verify_signature(secrets: Sequence[bytes], headers: Mapping[str, str], body: bytes, now: float) -> str:
    """Give the callback's id, or raise BadSignature. Compares in constant time."""
    message_id, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not message_id or not _TIMESTAMP.fullmatch(timestamp):
        raise BadSignature("headers")
    if abs(now - int(timestamp)) > TOLERANCE_SECONDS:
        raise BadSignature("timestamp")
    expected = [_mac(secret, message_id, timestamp, body) for secret in secrets]
    for given in _macs(headers.get("webhook-signature", "")):
        if any(hmac.compare_digest(given, mac) for mac in expected):
            return message_id
    raise BadSignature("signature")


def _macs(header: str) -> list[bytes]:
    macs = []
    for part in header.split(" ")[:MAX_SIGNATURES]:
        version, _, text = part.partition(",")
        if version == "v1":
            try:
                macs.append(base64.b64decode(text, validate=True))
            except ValueError:  # no base64, or letters that are not even ASCII
                continue
    return macs


def _mac(secret: bytes, message_id: str, timestamp: str, body: bytes) -> bytes:
    return hmac.new(secret, f"{message_id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
