"""Settings of payment's processes; the variables start with ``PAYMENT_`` unless they name another part's address."""

from __future__ import annotations

from pydantic import Field, SecretStr, field_validator

from chassis.settings import ServiceSettings
from services.payment.remote.signature import secrets_of

# R112: whose payment page it is, by state; other carriers set PAYMENT_CARRIERS to a JSON object of state and name.
CARRIERS = {
    "IL": "Blue Cross and Blue Shield of Illinois",
    "MT": "Blue Cross and Blue Shield of Montana",
    "NM": "Blue Cross and Blue Shield of New Mexico",
    "OK": "Blue Cross and Blue Shield of Oklahoma",
    "TX": "Blue Cross and Blue Shield of Texas",
}


class PaymentSettings(ServiceSettings):
    """What rpc and worker need: where links lead, and which processor the sweep asks."""

    page_url: str
    processor_url: str


class PageSettings(PaymentSettings):
    """What the hosted payment page needs besides."""

    page_port: int
    # Newest first, separated by blanks while it is being changed.
    callback_secret: SecretStr
    carriers: dict[str, str] = CARRIERS
    portal_url: str = Field(validation_alias="PORTAL_URL")

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
    page_url: str
    port: int = Field(validation_alias="SANDBOX_PORT")
