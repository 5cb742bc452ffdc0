"""Encryption of single fields (social security numbers) and blind indexes to find them again (docs/adr/0009).

Every value has a data key of its own, wrapped by the key-encryption key; the ciphertext is bound to its table, column
and row, so it cannot be moved. Nothing is decrypted on load: anyone who needs the value asks for it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

# AES-256 everywhere; 96-bit random nonces, one per key use: each data key encrypts once.
KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16
# First byte of every ciphertext, so that the layout can change one day.
FORMAT = b"\x01"


def derive_key(private_jwk: str, purpose: str) -> bytes:
    """32 bytes for one purpose, from a private key: whoever holds that key has them, and nobody else."""
    private = json.loads(private_jwk)["d"].encode()
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=purpose.encode()).derive(private)


class DecryptionFailed(Exception):
    """Wrong key, altered bytes, or a ciphertext that belongs to another row."""


class KeyProvider(Protocol):
    """Wraps data keys: a local key here, a key management service elsewhere."""

    def wrap(self, data_key: bytes, context: bytes) -> bytes: ...

    def unwrap(self, wrapped: bytes, context: bytes) -> bytes: ...


class LocalKey:
    """A key-encryption key that the process was given."""

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError(f"the key-encryption key needs {KEY_BYTES} bytes")
        self._cipher = AESGCM(key)

    @classmethod
    def from_base64(cls, text: str) -> LocalKey:
        return cls(base64.b64decode(text))

    def wrap(self, data_key: bytes, context: bytes) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, data_key, context)

    def unwrap(self, wrapped: bytes, context: bytes) -> bytes:
        return self._cipher.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], context)


WRAPPED_BYTES = NONCE_BYTES + KEY_BYTES + TAG_BYTES


class FieldCipher:
    """Encrypts one column's values."""

    def __init__(self, keys: KeyProvider, table: str, column: str) -> None:
        self._keys = keys
        self._place = f"{table}.{column}"

    def encrypt(self, plain: str, row_id: str) -> bytes:
        return self.seal(plain.encode(), row_id)

    def decrypt(self, ciphertext: bytes, row_id: str) -> str:
        return self.open(ciphertext, row_id).decode()

    def seal(self, plain: bytes, row_id: str) -> bytes:
        """As ``encrypt``, for what is no text: a whole document."""
        context = self._context(row_id)
        data_key, nonce = AESGCM.generate_key(256), os.urandom(NONCE_BYTES)
        body = AESGCM(data_key).encrypt(nonce, plain, context)
        return FORMAT + self._keys.wrap(data_key, context) + nonce + body

    def open(self, ciphertext: bytes, row_id: str) -> bytes:
        context, rest = self._context(row_id), ciphertext[len(FORMAT) :]
        wrapped, sealed = rest[:WRAPPED_BYTES], rest[WRAPPED_BYTES:]
        if not ciphertext.startswith(FORMAT):
            raise DecryptionFailed(self._place)
        try:
            data_key = self._keys.unwrap(wrapped, context)
            return AESGCM(data_key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], context)
        except (InvalidTag, ValueError):
            raise DecryptionFailed(self._place) from None

    def _context(self, row_id: str) -> bytes:
        return f"{self._place}/{row_id}".encode()


class BlindIndex:
    """A keyed digest by which equal values are found without being readable; its key is not the encryption key."""

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError(f"the index key needs {KEY_BYTES} bytes")
        self._key = key

    @classmethod
    def from_base64(cls, text: str) -> BlindIndex:
        return cls(base64.b64decode(text))

    def of(self, value: str, purpose: str) -> str:
        return hmac.new(self._key, f"{purpose}\x00{value}".encode(), hashlib.sha256).hexdigest()
