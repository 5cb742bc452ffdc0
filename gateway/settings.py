"""What the gateway reads from outside, beside the settings that every process shares."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, PositiveInt, SecretStr, StringConstraints, field_validator, model_validator
from sqlalchemy.engine import make_url

from chassis.crypto import KeyRing, derive_key
from chassis.identity import CallerKind
from chassis.settings import INVALID, ServiceSettings, SettingsError, SuiteSettings, describe_invalid_settings

# RFC 9116, 2.5.5: a file that is older may be out of date.
LONGEST_SECURITY_TXT = timedelta(days=365)
# Without line breaks, which would begin another field.
ContactUri = Annotated[str, StringConstraints(pattern=r"^(mailto:|https://|tel:)\S+$")]

# The page warns two minutes before the end, and whoever reads a policy aloud types nothing for some minutes. At most
# what NIST SP 800-63B-4 (2.2.3) allows for two factors: an hour without a request, a day in all.
IdleMinutes = Annotated[int, Field(ge=5, le=60)]
SessionHours = Annotated[int, Field(ge=1, le=24)]

# OpenID Connect Discovery 1.0, 3: an address without query and fragment.
_ISSUER = r"^https?://[^\s?#]+$"
# Value of the claim -> role, where the provider calls the roles as the portal does.
_SAME_ROLES: Mapping[str, Literal["producer", "delegate"]] = {"producer": "producer", "delegate": "delegate"}
LOOPBACK = ("127.0.0.1", "::1", "localhost")

SERVICES = ("quote", "enrollment", "pcp", "payment", "documents")


@dataclass(frozen=True, slots=True)
class SessionLimits:
    """When a session is over: this long after its last request, and this long after its sign-in."""

    idle: timedelta
    absolute: timedelta


@dataclass(frozen=True, slots=True)
class OrganizationSettings:
    """The OpenID provider of the people who run the portal, and what its claims mean here.

    ``name``: as people read it. ``roles``: value of the claim -> role in the portal. ``acr_values``: how strong a
    sign-in has to be, in the provider's words; any will do where there is none.
    """

    issuer: str
    client_id: str
    client_secret: str
    name: str
    scopes: str
    roles_claim: str
    roles: Mapping[str, CallerKind]
    acr_values: tuple[str, ...]
    ca_file: Path | None


class GatewaySettings(ServiceSettings):
    """Variables that start with ``GATEWAY_``."""

    # ID:BASE64,..., the current one first: they seal what people sign in with beside their passwords.
    field_keys: SecretStr = SecretStr("")

    @property
    def async_url(self) -> str:
        url = make_url(self.database_url.get_secret_value()).set(drivername="postgresql+psycopg")
        return url.render_as_string(hide_password=False)

    @property
    def key_ring(self) -> KeyRing:
        """The keys given; behind them the one of before there were any, which is derived from the identity key."""
        derived = base64.b64encode(derive_key(self.identity_key.get_secret_value(), "gateway fields")).decode()
        given = self.field_keys.get_secret_value().strip()
        return KeyRing.parse(f"{given},{derived}" if given else derived)

    @field_validator("field_keys")
    @classmethod
    def _must_be_keys_with_ids(cls, value: SecretStr) -> SecretStr:
        if given := value.get_secret_value().strip():
            KeyRing.parse(given)
            if not all(":" in one for one in given.split(",")):
                raise ValueError("needs an id for each key: ID:BASE64,ID:BASE64")
        return value


class WebSettings(SuiteSettings):
    """Addresses; the variables have no prefix, since other processes name them the same."""

    port: int = 8080
    # Loopback unless said otherwise: in a container the pod's network is the boundary.
    gateway_host: str = "127.0.0.1"
    # Public origin of the portal, with which unsafe requests must agree.
    portal_url: str = ""
    # Public origin of the hosted payment page: the only place the portal sends a payer to.
    payment_page_url: str = ""
    quote_rpc_address: str = "127.0.0.1:50051"
    enrollment_rpc_address: str = "127.0.0.1:50051"
    pcp_rpc_address: str = "127.0.0.1:50051"
    payment_rpc_address: str = "127.0.0.1:50051"
    documents_rpc_address: str = "127.0.0.1:50051"
    # Addresses or networks of the proxies whose X-Forwarded-For and -Proto are believed; empty: none.
    trusted_proxies: str = ""
    # Unset: in production alone, since elsewhere one person sends what the tests and benchmarks of many do.
    rate_limits: bool | None = None
    # Requests in a minute. A page is one to four, and nobody opens a page every half second for a minute.
    rate_limit_reads: PositiveInt = 600
    # A whole application, typed by hand with its drafts, is about sixty.
    rate_limit_changes: PositiveInt = 240
    # Documents, proofs and lists as files: a hundred times the work of a page.
    rate_limit_files: PositiveInt = 60
    # Of one address where nobody is signed in: an office shares one, and its clients may open their links there.
    rate_limit_visitors: PositiveInt = 300
    # OWASP: 15-30 minutes of idleness at low risk, a working day in all; health data and money ask for the lower ends.
    session_idle_minutes: IdleMinutes = 15
    session_hours: SessionHours = 8
    # Whether a code of an app is asked for beside the password: from those who turned it on, or from everybody.
    two_step_sign_in: Literal["optional", "required"] = "optional"
    # Sign-in by an OpenID provider; all three or none (docs/adr/0053). The issuer is written as the provider writes it.
    oidc_issuer: Annotated[str, StringConstraints(pattern=_ISSUER, max_length=255)] | Literal[""] = ""
    # ASCII, as RFC 6749 (appendix A) has both.
    oidc_client_id: Annotated[str, StringConstraints(pattern=r"^[\x20-\x7e]*$")] = ""
    oidc_client_secret: SecretStr = SecretStr("")
    # On a button and in sentences: "Sign in with Prairie Agency".
    oidc_name: Annotated[str, StringConstraints(min_length=1, max_length=60)] = "your organization"
    oidc_scopes: str = "openid email"
    oidc_roles_claim: Annotated[str, StringConstraints(min_length=1)] = "roles"
    oidc_roles: Mapping[str, Literal["producer", "delegate"]] = _SAME_ROLES
    oidc_acr_values: str = ""
    oidc_ca_file: Path | None = None
    # Passwords that were stolen elsewhere, which nobody may choose (gateway.identity.stolen_passwords).
    stolen_passwords: Path | None = None
    # Where to report a vulnerability, and the day from which that is no longer to be relied on (security.txt).
    security_contact: ContactUri | Literal[""] = ""
    security_expires: date | None = None

    @property
    def limits_rates(self) -> bool:
        return self.suite_env == "production" if self.rate_limits is None else self.rate_limits

    @property
    def session_limits(self) -> SessionLimits:
        return SessionLimits(timedelta(minutes=self.session_idle_minutes), timedelta(hours=self.session_hours))

    @field_validator("trusted_proxies")
    @classmethod
    def _name_each_proxy(cls, value: str) -> str:
        """A name would be believed of nobody, and ``*`` of everybody: visitors would choose their own address."""
        for proxy in value.split(",") if value else ():
            try:
                ip_network(proxy.strip())
            except ValueError:
                raise ValueError("needs addresses or networks, separated by commas: 10.0.0.7,10.1.0.0/16") from None
        return value

    @model_validator(mode="after")
    def _give_a_contact_with_its_last_day(self) -> WebSettings:
        if bool(self.security_contact) != (self.security_expires is not None):
            raise ValueError("SECURITY_CONTACT and SECURITY_EXPIRES go together: set both or neither")
        latest = self.clock().now().date() + LONGEST_SECURITY_TXT
        if self.security_expires and self.security_expires >= latest:
            raise ValueError(f"SECURITY_EXPIRES has to be before {latest}, less than a year ahead")
        return self

    @model_validator(mode="after")
    def _give_a_whole_and_safe_provider(self) -> WebSettings:
        given = (self.oidc_issuer, self.oidc_client_id, self.oidc_client_secret.get_secret_value())
        if any(given) and not all(given):
            raise ValueError("OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET go together: set all or none")
        issuer = urlsplit(self.oidc_issuer)
        is_local = self.suite_env != "production" and issuer.hostname in LOOPBACK
        if self.oidc_issuer and issuer.scheme != "https" and not is_local:
            raise ValueError("OIDC_ISSUER has to begin with https://")
        if "openid" not in self.oidc_scopes.split():
            raise ValueError("OIDC_SCOPES has to have openid among its words")
        return self

    @property
    def organization(self) -> OrganizationSettings | None:
        """None: nobody signs in by an OpenID provider."""
        if not self.oidc_issuer:
            return None
        return OrganizationSettings(
            self.oidc_issuer,
            self.oidc_client_id,
            self.oidc_client_secret.get_secret_value(),
            self.oidc_name,
            self.oidc_scopes,
            self.oidc_roles_claim,
            {value: CallerKind(role) for value, role in self.oidc_roles.items()},
            tuple(self.oidc_acr_values.split()),
            self.oidc_ca_file,
        )

    @property
    def rpc_addresses(self) -> dict[str, str]:
        return {service: getattr(self, f"{service}_rpc_address") for service in SERVICES}

    @property
    def origin(self) -> str:
        return (self.portal_url or f"http://127.0.0.1:{self.port}").rstrip("/")

    @property
    def secure(self) -> bool:
        """Whether cookies may insist on TLS; plain HTTP is for loopback, outside production, alone."""
        return self.suite_env == "production" or self.origin.startswith("https://")


def load_web() -> WebSettings:
    try:
        return WebSettings()
    except INVALID as wrong:
        raise SettingsError(describe_invalid_settings(wrong)) from None
