"""Settings of a service that seals values; apart from the others, for a relay does without cryptography."""

from __future__ import annotations

from pydantic import Field, SecretStr, ValidationInfo, field_validator

from chassis.crypto import KeyRing
from chassis.settings import ServiceSettings


class EncryptionSettings(ServiceSettings):
    """Settings of a service that seals values (docs/adr/0009): its key-encryption keys, or the one without an id."""

    field_key: SecretStr = SecretStr("")
    # ID:BASE64,..., the current one first; read after the other, which it may stand beside.
    field_keys: SecretStr = Field(SecretStr(""), validate_default=True)

    @property
    def key_ring(self) -> KeyRing:
        return KeyRing.parse(_join_keys(self.field_keys, self.field_key))

    @field_validator("field_key")
    @classmethod
    def _must_be_a_key(cls, value: SecretStr) -> SecretStr:
        if given := value.get_secret_value().strip():
            if "," in given or ":" in given:
                raise ValueError("takes one key in base64; several with their ids go into the variable with an S")
            KeyRing.parse(given)
        return value

    @field_validator("field_keys")
    @classmethod
    def _must_be_keys(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        if "field_key" not in info.data:
            return value  # wrong already, and named
        keys = _join_keys(value, info.data["field_key"])
        if not keys:
            raise ValueError("is missing: name a key as ID:BASE64, 32 random bytes")
        KeyRing.parse(keys)
        return value


def _join_keys(*given: SecretStr) -> str:
    return ",".join(text for one in given if (text := one.get_secret_value().strip()))
