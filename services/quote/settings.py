"""Settings of quote, beside those of every service (variables start with ``QUOTE_``)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import ClassVar

from pydantic import Field, SecretStr, field_validator

from chassis.encryption_settings import EncryptionSettings
from services.quote.domain.exchange import ExchangeLinks
from services.quote.store.birth_date_encryption import BirthDateEncryption


class QuoteSettings(EncryptionSettings):
    """``QUOTE_FIELD_KEYS`` seal birth dates."""

    owner: ClassVar[str] = "quote"

    # QUOTE_EXCHANGE_URLS: JSON, by target or by target and state; replaces addresses of the markets.
    exchange_urls: dict[str, str] = Field(default_factory=dict)

    # QUOTE_SMTP_URL: the mail server; QUOTE_MAIL_FOLDER: in its place a folder, for one machine.
    smtp_url: SecretStr = SecretStr("")
    mail_folder: Path | None = None
    mail_from: str = "quotes@portal.example"
    # Public origin of the portal, to which share links lead.
    portal_url: str = Field(default="http://127.0.0.1:8080", validation_alias="PORTAL_URL")

    @field_validator("smtp_url")
    @classmethod
    def _must_be_an_address(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() and not re.match(r"smtps?://[^/\s]+", value.get_secret_value()):
            raise ValueError("has to be of the form smtp://user:password@host:587 or smtps://user:password@host:465")
        return value

    @property
    def birth_dates(self) -> BirthDateEncryption:
        return BirthDateEncryption.with_provider(self.key_ring)

    @property
    def exchange_links(self) -> ExchangeLinks:
        return ExchangeLinks(self.exchange_urls)
