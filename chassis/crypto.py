"""Encryption of single fields (social security numbers) and blind indexes to find them again (docs/adr/0009).

Every value has a data key of its own, wrapped by a key-encryption key; the ciphertext is bound to its table, column
and row, so it cannot be moved. Nothing is decrypted on load: anyone who needs the value asks for it.

A ciphertext begins with its envelope: the format, in format 2 the id of the key-encryption key, and the wrapped data
key. Format 1 names no key: it is what a key without an id makes. Nonce and encrypted value follow. Another
key-encryption key therefore changes the envelope alone (``rewrap``).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import re
from collections.abc import Callable, Sequence
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

# AES-256 everywhere; 96-bit random nonces, one per key use: each data key encrypts once.
KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16
WRAPPED_BYTES = NONCE_BYTES + KEY_BYTES + TAG_BYTES
# First byte of every ciphertext: what follows it.
WITHOUT_KEY_ID, WITH_KEY_ID = b"\x01", b"\x02"
# A date or a number names a key; the id stands in every ciphertext, so it is short.
KEY_ID = re.compile(r"[A-Za-z0-9._-]{1,32}", re.ASCII)
# Stands between the id and what a key management service wrapped.
MANAGED = ":kms"
# A ring lies in the memory of each process and is derived for each purpose; who rotates monthly and rewraps has two.
MOST_KEYS = 32
# No envelope is longer: so many bytes of a ciphertext are enough to wrap its data key again.
ENVELOPE_BYTES = 2 + 32 + WRAPPED_BYTES


def derive_key(private_jwk: str, purpose: str) -> bytes:
    """32 bytes for one purpose, from a private key: whoever holds that key has them, and nobody else."""
    private = json.loads(private_jwk)["d"].encode()
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=purpose.encode()).derive(private)


class DecryptionFailed(Exception):
    """Wrong key, altered bytes, or a ciphertext that belongs to another row."""


class KeyUnavailable(DecryptionFailed):
    """A key cannot be used now, whether to seal or to open; the value is not damaged. Empty for the key without an id.

    ``reason``: what the operator reads in the log; it names no key's content.
    """

    def __init__(self, key_id: str, reason: str) -> None:
        self.key_id = key_id
        self.reason = reason
        super().__init__(f"{describe_key(key_id)} {reason}")


class UnknownKey(KeyUnavailable):
    """The value is sealed under a key that the process was not given."""

    def __init__(self, key_id: str) -> None:
        super().__init__(key_id, "is missing from the settings")


def describe_key(key_id: str) -> str:
    return f"key {key_id}" if key_id else "the key without an id"


class KeyProvider(Protocol):
    """Wraps data keys, always into WRAPPED_BYTES: local keys here, those of a key management service elsewhere."""

    # The key under which everything is sealed from now on.
    current: str

    def wrap(self, data_key: bytes, context: bytes) -> bytes:
        """Raises KeyUnavailable."""
        ...

    def unwrap(self, wrapped: bytes, context: bytes, key_id: str) -> bytes:
        """Raises UnknownKey, or KeyUnavailable."""
        ...

    def for_purpose(self, purpose: str) -> KeyProvider:
        """Keys of the same ids for one purpose alone: what one purpose seals, no other opens."""
        ...


class LocalKey:
    """A key-encryption key that the process was given; without an id where it is the only one there will be."""

    def __init__(self, key: bytes, key_id: str = "") -> None:
        if len(key) != KEY_BYTES:
            raise ValueError(f"the key-encryption key needs {KEY_BYTES} bytes")
        self._key = key
        self._cipher = AESGCM(key)
        self.current = key_id

    def wrap(self, data_key: bytes, context: bytes) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, data_key, context)

    def unwrap(self, wrapped: bytes, context: bytes, key_id: str) -> bytes:
        if key_id != self.current:
            raise UnknownKey(key_id)
        return self._cipher.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], context)

    def for_purpose(self, purpose: str) -> LocalKey:
        derived = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=purpose.encode()).derive(self._key)
        return LocalKey(derived, self.current)


class KeyRing:
    """Several key-encryption keys: the first one seals, all of them open."""

    def __init__(self, keys: Sequence[KeyProvider]) -> None:
        """Each is a single key."""
        if len(keys) > MOST_KEYS:
            raise ValueError(f"has {len(keys)} keys; {MOST_KEYS} are the most. Rewrap, and remove those not needed")
        self._keys = {key.current: key for key in keys}
        self.current = keys[0].current

    @classmethod
    def parse(cls, text: str, managed: Callable[[bytes, str], KeyProvider] | None = None) -> KeyRing:
        """``[ID:]BASE64,ID:kms:BASE64,...``, the current one first; ValueError says what is wrong and shows no key.

        ``managed``: makes the key of what a key management service wrapped, and of its id.
        """
        found: dict[str, bytes] = {}
        keys: list[KeyProvider] = []
        for place, entry in enumerate(text.split(","), 1):
            named, separator, encoded = entry.strip().rpartition(":")
            key_id = named.removesuffix(MANAGED)
            if separator and not KEY_ID.fullmatch(key_id):
                raise ValueError(f"the id of key {place} must be 1 to 32 letters, digits, '.', '_' or '-'")
            if key_id in found:
                raise ValueError(f"{describe_key(key_id)} is there twice")
            key = _decode_wrapped(encoded, key_id) if key_id != named else _decode(encoded, key_id)
            if key in found.values():
                raise ValueError(f"{describe_key(key_id)} equals another key")
            found[key_id] = key
            if key_id == named:
                keys.append(LocalKey(key, key_id))
            elif managed:
                keys.append(managed(key, key_id))
            else:
                raise ValueError(f"{describe_key(key_id)} is kept by a service, and FIELD_KMS_REGION is empty")
        return cls(keys)

    def wrap(self, data_key: bytes, context: bytes) -> bytes:
        return self._keys[self.current].wrap(data_key, context)

    def unwrap(self, wrapped: bytes, context: bytes, key_id: str) -> bytes:
        if key_id not in self._keys:
            raise UnknownKey(key_id)
        return self._keys[key_id].unwrap(wrapped, context, key_id)

    def for_purpose(self, purpose: str) -> KeyRing:
        return KeyRing([key.for_purpose(purpose) for key in self._keys.values()])


def _decode_wrapped(encoded: str, key_id: str) -> bytes:
    try:
        return base64.b64decode(encoded, validate=True)
    except ValueError:
        raise ValueError(f"{describe_key(key_id)} must be the key as the service wrapped it, in base64") from None


def _decode(encoded: str, key_id: str) -> bytes:
    try:
        key = base64.b64decode(encoded, validate=True)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise ValueError(f"{describe_key(key_id)} must be {KEY_BYTES} random bytes in base64")
    return key


def make_header(key_id: str) -> bytes:
    """What a ciphertext under that key begins with, and no other does."""
    return WITH_KEY_ID + bytes([len(key_id)]) + key_id.encode() if key_id else WITHOUT_KEY_ID


def read_header(ciphertext: bytes) -> tuple[str, int]:
    """The id of the key, and where the wrapped data key begins; ValueError when it is no ciphertext of ours."""
    if ciphertext.startswith(WITHOUT_KEY_ID):
        return "", 1
    end = 2 + ciphertext[1] if ciphertext.startswith(WITH_KEY_ID) and len(ciphertext) > 1 else 0
    key_id = ciphertext[2:end].decode("latin-1")
    if len(ciphertext) < end or not KEY_ID.fullmatch(key_id):
        raise ValueError("no ciphertext")
    return key_id, end


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
        return self._make_envelope(data_key, context) + nonce + body

    def open(self, ciphertext: bytes, row_id: str) -> bytes:
        """Raises DecryptionFailed, or KeyUnavailable when a key is missing or cannot be had now."""
        context = self._context(row_id)
        data_key, _, end = self._open_envelope(ciphertext, context)
        sealed = ciphertext[end:]
        try:
            return AESGCM(data_key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], context)
        except (InvalidTag, ValueError):
            raise DecryptionFailed(self._place) from None

    def rewrap(self, ciphertext: bytes, row_id: str) -> bytes:
        """The same under the current key: the data key is wrapped anew, and the value stays closed. The first
        ENVELOPE_BYTES are enough; what lies behind the envelope comes back as it is. Raises as ``open`` does."""
        context = self._context(row_id)
        data_key, key_id, end = self._open_envelope(ciphertext, context)
        if key_id == self._keys.current:
            return ciphertext
        return self._make_envelope(data_key, context) + ciphertext[end:]

    @property
    def current_header(self) -> bytes:
        """What a value under the current key begins with."""
        return make_header(self._keys.current)

    def _make_envelope(self, data_key: bytes, context: bytes) -> bytes:
        return self.current_header + self._keys.wrap(data_key, context)

    def _open_envelope(self, ciphertext: bytes, context: bytes) -> tuple[bytes, str, int]:
        """The data key, the id of the key that wrapped it, and where the envelope ends."""
        try:
            key_id, begin = read_header(ciphertext)
            end = begin + WRAPPED_BYTES
            return self._keys.unwrap(ciphertext[begin:end], context, key_id), key_id, end
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
