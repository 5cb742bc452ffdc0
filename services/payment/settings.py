"""Settings of payment's processes; the variables start with ``PAYMENT_`` unless they name another part's address."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, StringConstraints, field_validator, model_validator

from chassis.kernel import get_markets
from chassis.settings import ServiceSettings, SettingsError
from services.payment.remote.pay_now.profile import BadPayNowProfile, PayNowProfile, load_pay_now_profiles
from services.payment.remote.pay_now.signing_key import SigningKey, read_signing_key
from services.payment.remote.signature import secrets_of

# An origin, perhaps with a path; what links and redirects are built from must not be empty.
Url = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/]+")]


class PaymentSettings(ServiceSettings):
    """What rpc and worker need: where links lead, and which processor the sweep asks."""

    page_url: Url
    processor_url: Url
    # PAYMENT_PAY_NOW: folder with the profiles of carriers that take payments on a page of their own.
    pay_now: Path | None = None

    @property
    def pay_now_profiles(self) -> dict[str, PayNowProfile]:
        """By state; SettingsError for a profile that cannot be read."""
        if self.pay_now is None:
            return {}
        try:
            found = load_pay_now_profiles(self.pay_now)
        except BadPayNowProfile as wrong:
            raise SettingsError(f"PAYMENT_PAY_NOW: {wrong}") from None
        markets = get_markets().by_state.items()
        return {state: found[one.carrier.issuer_id] for state, one in markets if one.carrier.issuer_id in found}


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
    # What pay-now assertions are signed with: an RSA key and its certificate, both PEM.
    pay_now_key_file: Path | None = None
    pay_now_certificate_file: Path | None = None

    @property
    def carrier_names(self) -> dict[str, str]:
        """R112: whose payment page it is, by state."""
        return {state: one.carrier.name for state, one in get_markets().by_state.items()} | self.carriers

    @model_validator(mode="after")
    def _read_key_of_hosted_page(self) -> PageSettings:
        if self.hosted_page_key_file is not None:
            try:
                self.hosted_page_key = SecretStr(self.hosted_page_key_file.read_text())
            except OSError:
                raise ValueError("the file of PAYMENT_HOSTED_PAGE_KEY_FILE cannot be read") from None
        if self.hosted_page_url:
            secrets_of(self.hosted_page_key.get_secret_value())
        return self

    @property
    def pay_now_key(self) -> SigningKey:
        """SettingsError when it is missing or is no pair."""
        if self.pay_now_key_file is None or self.pay_now_certificate_file is None:
            raise SettingsError("PAYMENT_PAY_NOW needs PAYMENT_PAY_NOW_KEY_FILE and PAYMENT_PAY_NOW_CERTIFICATE_FILE")
        try:
            return read_signing_key(self.pay_now_key_file, self.pay_now_certificate_file)
        except (OSError, ValueError) as wrong:
            raise SettingsError(f"PAYMENT_PAY_NOW_KEY_FILE or PAYMENT_PAY_NOW_CERTIFICATE_FILE: {wrong}") from None

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
