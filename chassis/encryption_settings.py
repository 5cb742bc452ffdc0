"""Settings of a service that seals values; apart from the others, for a relay does without cryptography."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, partial
from typing import ClassVar

from pydantic import Field, SecretStr, ValidationInfo, field_validator

from chassis.crypto import KeyProvider, KeyRing
from chassis.key_management import KmsClient, ManagedKey
from chassis.settings import ServiceSettings


class EncryptionSettings(ServiceSettings):
    """Settings of a service that seals values (docs/adr/0009): its key-encryption keys, or the one without an id."""

    # Told to a key management service with each key, so that one service's key opens for no other.
    owner: ClassVar[str] = ""

    # The region of that service; without it no key may be one of its own.
    field_kms_region: str = ""
    # Where it is not AWS' own address. Unencrypted on this machine alone.
    field_kms_endpoint: str = Field("", pattern=r"^(|https://.+|http://(127\.0\.0\.1|localhost)(:[0-9]+)?/?)$")
    # Without them: as boto3 finds credentials on the machine or in the pod.
    field_kms_access_key: SecretStr = SecretStr("")
    field_kms_secret_key: SecretStr = SecretStr("")

    field_key: SecretStr = SecretStr("")
    # ID:BASE64,..., the current one first; ID:kms:BASE64 is a key as the key management service wrapped it. Read after
    # the others: it may stand beside field_key.
    field_keys: SecretStr = Field(SecretStr(""), validate_default=True)

    @cached_property
    def key_ring(self) -> KeyRing:
        """One for all that is sealed with these settings: it holds the keys that a service has opened."""
        service = KmsClient(
            self.field_kms_region,
            self.field_kms_endpoint,
            self.field_kms_access_key.get_secret_value(),
            self.field_kms_secret_key.get_secret_value(),
        )
        return _parse(_join_keys(self.field_keys, self.field_key), self.owner, service)

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
        region = info.data.get("field_kms_region")
        _parse(keys, cls.owner, KmsClient(region) if region else None)
        return value


def _parse(keys: str, owner: str, service: KmsClient | None) -> KeyRing:
    managed: Callable[[bytes, str], KeyProvider] | None = partial(_make_managed, owner, service) if service else None
    return KeyRing.parse(keys, managed)


def _make_managed(owner: str, service: KmsClient, wrapped: bytes, key_id: str) -> ManagedKey:
    return ManagedKey(service, wrapped, key_id, {"service": owner, "key": key_id})


def _join_keys(*given: SecretStr) -> str:
    return ",".join(text for one in given if (text := one.get_secret_value().strip()))
