"""What a process reads from outside, read once at start; a wrong or missing value stops it with a sentence.

Every variable is listed in docs/reference/settings.md. Names carry the service in front (``QUOTE_DATABASE_URL``), so
that several services can share a process on one machine.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Literal, TypeVar
from urllib.parse import parse_qs, urlsplit

from pydantic import SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from pydantic_settings import SettingsError as UnreadableVariable

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
    # Mutual TLS of gRPC, PEM files: the CA of all processes, this one's certificate, its key.
    rpc_tls_ca_file: Path | None = None
    rpc_tls_certificate_file: Path | None = None
    rpc_tls_key_file: Path | None = None
    # Names in the certificates of those who may call the methods of an rpc process.
    rpc_clients: str = "gateway"
    # What encrypts between the processes where the suite itself does not, in words: "Istio, strict mTLS".
    tls_provided_by: str = ""

    @property
    def needs_tls(self) -> bool:
        return self.suite_env == "production" and not self.tls_provided_by.strip()

    @model_validator(mode="after")
    def _want_all_files_of_the_certificate(self) -> SuiteSettings:
        files = (self.rpc_tls_ca_file, self.rpc_tls_certificate_file, self.rpc_tls_key_file)
        if any(files) and not all(files):
            raise ValueError(
                "RPC_TLS_CA_FILE, RPC_TLS_CERTIFICATE_FILE and RPC_TLS_KEY_FILE go together: set all or none"
            )
        return self

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

    @model_validator(mode="after")
    def _refuse_a_broker_without_tls_in_production(self) -> SuiteSettings:
        url = urlsplit(self.amqp_url.get_secret_value())
        if self.needs_tls and url.netloc and url.scheme != "amqps":
            raise ValueError(
                "AMQP_URL has to begin with amqps:// with SUITE_ENV=production, unless TLS_PROVIDED_BY says what "
                "encrypts instead"
            )
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
    # The role of the processes, which ``migrate`` gives its rights; none where they sign in as the owner.
    database_role: str = ""
    # Private Ed25519 JWK with which the service signs its own calls.
    identity_key: SecretStr = SecretStr("")


# How settings are refused: a value, a secret's file, and a text that is not JSON where a variable wants it.
INVALID = (ValidationError, BadSecretFile, UnreadableVariable)
_FIELD = re.compile(r'field "(\w+)"')


class SettingsError(SystemExit):
    """Ends the process with one sentence instead of a stack trace."""


def load_suite() -> SuiteSettings:
    try:
        return SuiteSettings()
    except INVALID as wrong:
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
    except INVALID as wrong:
        raise SettingsError(describe_invalid_settings(wrong, prefix)) from None
    suite = load_suite()
    if suite.needs_tls and not is_checked_by_tls(settings.database_url.get_secret_value()):
        raise SettingsError(
            f"{prefix}DATABASE_URL has to end with ?sslmode=verify-full with SUITE_ENV=production, unless "
            "TLS_PROVIDED_BY says what encrypts instead."
        )
    if suite.suite_env == "production" and (known := find_known_secrets(settings)):
        names = ", ".join(f"{prefix}{name.upper()}" for name in known)
        raise SettingsError(f"{names}: an example that everybody knows, or not random. Make another one for production")
    return settings


def is_checked_by_tls(database_url: str) -> bool:
    """Whether libpq encrypts and checks certificate and name, or stays on this machine (a socket's folder as host)."""
    url = urlsplit(database_url)
    query = parse_qs(url.query)
    hosts = [host for value in query.get("host", ()) for host in value.split(",")]
    on_socket = not url.hostname and bool(hosts) and all(host.startswith("/") for host in hosts)
    return on_socket or query.get("sslmode", [])[-1:] == ["verify-full"]


def describe_invalid_settings(wrong: Exception, prefix: str = "") -> str:
    """What is wrong with which variable, without the value: it may be a secret. ``wrong``: one of INVALID."""
    if isinstance(wrong, UnreadableVariable):
        field = _FIELD.search(str(wrong))
        return f"Settings are missing or wrong: {prefix}{field[1].upper() if field else 'a variable'}: is not JSON"
    if not isinstance(wrong, ValidationError):
        return f"Settings are missing or wrong: {wrong}"
    faults = []
    for fault in wrong.errors(include_input=False):
        name = ".".join(map(str, fault["loc"])).upper()
        message = fault["msg"].removeprefix("Value error, ")
        faults.append(f"{prefix}{name}: {message}" if name else message)
    return "Settings are missing or wrong: " + "; ".join(faults)
