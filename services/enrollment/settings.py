"""Settings of enrollment's processes; the variables start with ``ENROLLMENT_``."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar, Literal

from pydantic import Field, SecretStr

from chassis.encryption_settings import EncryptionSettings
from services.enrollment.store.ssn_encryption import SsnEncryption


class EnrollmentSettings(EncryptionSettings):
    """``ENROLLMENT_FIELD_KEYS`` seal social security numbers."""

    owner: ClassVar[str] = "enrollment"

    # Finds them: 32 random bytes in base64.
    index_key: SecretStr
    # Which of ADDRESS_SEARCHES in ``__main__`` answers while an address is typed.
    address_search: Literal["local"] = "local"
    # Public origin of the portal, to which review links lead.
    portal_url: str = Field(default="http://127.0.0.1:8080", validation_alias="PORTAL_URL")
    # The operator's rules, laid over the shipped ones (docs/how-to/change-the-rules.md).
    rules_folder: Path | None = None
    # What each carrier may read of its submissions (docs/how-to/set-up-a-carriers-834.md).
    carrier_grants: Path | None = None

    @property
    def ssn_encryption(self) -> SsnEncryption:
        return SsnEncryption.with_provider(self.key_ring, self.index_key.get_secret_value())
