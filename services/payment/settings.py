"""Settings of payment's processes; the variables start with ``PAYMENT_`` unless they name another part's address."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, SecretStr, StringConstraints, field_validator

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

    @property
    def carrier_names(self) -> dict[str, str]:
        """R112: whose payment page it is, by state."""
        return {state: one.carrier.name for state, one in get_markets().by_state.items()} | self.carriers

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
