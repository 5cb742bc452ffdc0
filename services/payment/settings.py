"""Settings of payment's processes; the variables start with ``PAYMENT_`` unless they name another part's address."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, StringConstraints, field_validator, model_validator

from chassis.kernel import get_markets
from chassis.settings import ServiceSettings
from services.payment.remote.signature import secrets_of

# An origin, perhaps with a path; what links and redirects are built from must not be empty.
Url = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/]+")]


class PaymentSettings(ServiceSettings):
    """What rpc and worker need: where links lead, and which processor the sweep asks."""

    page_url: Url
    processor_url: Url


class PageSettings(PaymentSettings):
    """What the hosted payment page needs besides."""

    page_port: int
    # Newest first, separated by blanks while it is being changed.
    callback_secret: SecretStr
    # PAYMENT_CARRIERS: JSON of state and name, laid over the names of the markets.
    carriers: dict[str, str] = Field(default_factory=dict)
    portal_url: Url = Field(validation_alias="PORTAL_URL")
    # The processor's own payment page, where there is one: its address, its name for payers, and the key of its forms.
    hosted_page_url: Url | Literal[""] = ""
    hosted_page_name: str = "the payment processor"
    hosted_page_key: SecretStr = SecretStr("")
    # A file with the key, in its place.
    hosted_page_key_file: Path | None = None

    @property
    def carrier_names(self) -> dict[str, str]:
        """R112: whose payment page it is, by state."""
        return {state: one.carrier.name for state, one in get_markets().by_state.items()} | self.carriers

    @model_validator(mode="after")
    def _read_key_of_hosted_page(self) -> PageSettings:
        if self.hosted_page_key_file is not None:
            self.hosted_page_key = SecretStr(self.hosted_page_key_file.read_text())
        if self.hosted_page_url:
            secrets_of(self.hosted_page_key.get_secret_value())
        return self

    @field_validator("callback_secret")
    @classmethod
    def _must_be_secrets(cls, value: SecretStr) -> SecretStr:
        secrets_of(value.get_secret_value())
        return value


class SandboxSettings(ServiceSettings):
    """What the sandbox processor needs; it stands for something outside and has no database."""

    database_url: SecretStr = SecretStr("")
    callback_secret: SecretStr
    # Callbacks go here, and nowhere that a request could name.
    page_url: Url
    port: int = Field(validation_alias="SANDBOX_PORT")
