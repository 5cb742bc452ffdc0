"""What a process reads from outside, read once at start; a wrong or missing value stops it with a sentence.

Every variable is listed in docs/reference/settings.md. Names carry the service in front (``QUOTE_DATABASE_URL``), so
that several services can share a process on one machine.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Literal, TypeVar
from urllib.parse import urlsplit

from pydantic import SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from chassis.kernel import Clock, Markets, SystemClock, install_markets
from chassis.market_file import BadMarkets, read_markets
from chassis.secret_settings import BadSecretFile, SecretFiles, find_known_secrets

# Beside the packages, in the repository and in an image.
MARKETS = Path(__file__).parents[1] / "markets.yaml"


class FileSettings(BaseSettings):
    """Settings from variables, and secrets from files too."""

    model_config = SettingsConfigDict(extra="ignore")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, SecretFiles(settings_cls, env_settings)


class SuiteSettings(FileSettings):
    """Settings that every process shares."""

    suite_env: Literal["local", "test", "production"] = "production"
    suite_today: date | None = None
    # Which states are served (docs/how-to/add-a-state.md).
    suite_markets: Path = MARKETS
    # In place of the markets' own; every process that shows a help line reads it.
    enrollment_help_line: str | None = None
    amqp_url: SecretStr = SecretStr("")
    identity_trusted_keys: SecretStr = SecretStr("")
    rpc_host: str = "127.0.0.1"
    rpc_port: int = 0
    health_port: int = 0

    @model_validator(mode="after")
    def _refuse_a_borrowed_day_in_production(self) -> SuiteSettings:
        if self.suite_env == "production" and self.suite_today is not None:
            raise ValueError("SUITE_TODAY moves the business date and is not allowed with SUITE_ENV=production")
        return self

    @model_validator(mode="after")
    def _refuse_the_brokers_own_user_in_production(self) -> SuiteSettings:
        url = urlsplit(self.amqp_url.get_secret_value())
        # clients sign in as guest where the address names nobody
        is_guest = (url.username or "guest", url.password or "guest") == ("guest", "guest")
        if self.suite_env == "production" and url.netloc and is_guest:
            raise ValueError("AMQP_URL signs in as guest, whom everybody knows: not allowed with SUITE_ENV=production")
        return self

    def clock(self) -> Clock:
        return SystemClock(self.suite_today)

    @property
    def reflection(self) -> bool:
        """gRPC reflection helps developers and strangers alike: off in production."""
        return self.suite_env != "production"


class ServiceSettings(FileSettings):
    """Settings of one service; the variables start with its name (``PCP_DATABASE_URL``)."""

    database_url: SecretStr
    # Private Ed25519 JWK with which the service signs its own calls.
    identity_key: SecretStr = SecretStr("")


class SettingsError(SystemExit):
    """Ends the process with one sentence instead of a stack trace."""


def load_suite() -> SuiteSettings:
    try:
        return SuiteSettings()
    except (ValidationError, BadSecretFile) as wrong:
        raise SettingsError(describe_invalid_settings(wrong)) from None


def load_markets() -> Markets:
    """Read the states that SUITE_MARKETS names, for this whole process: the first thing that a process does."""
    suite = load_suite()
    try:
        markets = read_markets(suite.suite_markets)
    except BadMarkets as wrong:
        raise SettingsError(str(wrong)) from None
    help_line = suite.enrollment_help_line
    return install_markets(markets if help_line is None else replace(markets, help_line=help_line))


Settings = TypeVar("Settings", bound=ServiceSettings)


def load_service(kind: type[Settings], service: str) -> Settings:
    """Read the settings of one service; ``kind`` may add fields of its own."""
    prefix = f"{service.upper()}_"
    try:
        settings = kind(_env_prefix=prefix)
    except (ValidationError, BadSecretFile) as wrong:
        raise SettingsError(describe_invalid_settings(wrong, prefix)) from None
    if load_suite().suite_env == "production" and (known := find_known_secrets(settings)):
        names = ", ".join(f"{prefix}{name.upper()}" for name in known)
        raise SettingsError(f"{names}: an example that everybody knows, or not random. Make another one for production")
    return settings


def describe_invalid_settings(wrong: ValidationError | BadSecretFile, prefix: str = "") -> str:
    """What is wrong with which variable, without the value: it may be a secret."""
    if isinstance(wrong, BadSecretFile):
        return f"Settings are missing or wrong: {wrong}"
    faults = []
    for fault in wrong.errors(include_input=False):
        name = ".".join(map(str, fault["loc"])).upper()
        message = fault["msg"].removeprefix("Value error, ")
        faults.append(f"{prefix}{name}: {message}" if name else message)
    return "Settings are missing or wrong: " + "; ".join(faults)
