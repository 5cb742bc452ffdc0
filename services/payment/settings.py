"""Settings of payment's processes; the variables start with ``PAYMENT_`` unless they name another part's address."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, StringConstraints, field_validator, model_validator

from chassis.kernel import get_markets
from chassis.settings import ServiceSettings, SettingsError, load_suite
from services.payment.domain.outcome_sender import PROCESSOR, OutcomeSender
from services.payment.remote.no_processor import NoProcessor
from services.payment.remote.pay_now.profile import BadPayNowProfile, PayNowProfile, load_pay_now_profiles
from services.payment.remote.pay_now.signing_key import SigningKey, read_signing_key
from services.payment.remote.sandbox_processor import SandboxProcessor
from services.payment.remote.signature import secrets_of
from services.payment.usecases.ports import Processor

# An origin, perhaps with a path; what links and redirects are built from must not be empty.
Url = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/]+")]


class PaymentSettings(ServiceSettings):
    """What rpc and worker need: where links lead, and which processor the sweep asks."""

    page_url: Url
    # Empty where every payment is made at another's page.
    processor_url: Url | Literal[""] = ""
    # The processor's own payment page, where there is one.
    hosted_page_url: Url | Literal[""] = ""
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

    @property
    def processor(self) -> Processor:
        """SettingsError when somebody has to pay on the suite's own page and no processor is named."""
        if load_suite().suite_env == "production" and self.processor_url.startswith("http:"):
            raise SettingsError(
                "PAYMENT_PROCESSOR_URL has to be https in production; the sandbox, which moves no money, has only http"
            )
        if self.processor_url:
            return SandboxProcessor(self.processor_url)
        own_page = sorted(get_markets().by_state.keys() - self.pay_now_profiles.keys())
        if own_page and not self.hosted_page_url:
            states = ", ".join(own_page)
            raise SettingsError(f"PAYMENT_PROCESSOR_URL is missing: payers in {states} pay on the suite's own page")
        return NoProcessor()


class PageSettings(PaymentSettings):
    """What the hosted payment page needs besides."""

    page_port: int
    # Newest first, separated by blanks while it is being changed.
    callback_secret: SecretStr
    # PAYMENT_CARRIER_CALLBACK_SECRETS: JSON of HIOS issuer id and secrets, written likewise.
    carrier_callback_secrets: dict[str, SecretStr] = Field(default_factory=dict)
    # PAYMENT_CARRIERS: JSON of state and name, laid over the names of the markets.
    carriers: dict[str, str] = Field(default_factory=dict)
    portal_url: Url = Field(validation_alias="PORTAL_URL")
    # Of the processor's own payment page: its name for payers, and the key of its forms.
    hosted_page_name: str = "the payment processor"
    hosted_page_key: SecretStr = SecretStr("")
    # What pay-now assertions are signed with: an RSA key and its certificate, both PEM.
    pay_now_key_file: Path | None = None
    pay_now_certificate_file: Path | None = None

    @property
    def carrier_names(self) -> dict[str, str]:
        """R112: whose payment page it is, by state."""
        return {state: one.carrier.name for state, one in get_markets().by_state.items()} | self.carriers

    @property
    def callback_secrets(self) -> dict[OutcomeSender, list[bytes]]:
        """Of the processor and of each carrier with a page. SettingsError when a carrier is none of those, or two
        senders share a secret, so that the one could sign for the other."""
        states = defaultdict(set)
        for state in self.pay_now_profiles:
            states[get_markets()[state].carrier.issuer_id].add(state)
        if unknown := sorted(self.carrier_callback_secrets.keys() - states.keys()):
            raise SettingsError(
                f"PAYMENT_CARRIER_CALLBACK_SECRETS: {', '.join(unknown)} has no profile of PAYMENT_PAY_NOW"
            )
        found = {PROCESSOR: secrets_of(self.callback_secret.get_secret_value())}
        for issuer_id, given in self.carrier_callback_secrets.items():
            try:
                secrets = secrets_of(given.get_secret_value())
            except ValueError as wrong:
                raise SettingsError(f"PAYMENT_CARRIER_CALLBACK_SECRETS: {issuer_id}: {wrong}") from None
            found[OutcomeSender(issuer_id, frozenset(states[issuer_id]))] = secrets
        every = [secret for secrets in found.values() for secret in secrets]
        if len(set(every)) < len(every):
            raise SettingsError("PAYMENT_CARRIER_CALLBACK_SECRETS: each sender of callbacks needs secrets of its own")
        return found

    @model_validator(mode="after")
    def _need_a_key_for_the_hosted_page(self) -> PageSettings:
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
