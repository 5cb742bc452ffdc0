"""What the gateway reads from outside, beside the settings that every process shares."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import PositiveInt, StringConstraints, ValidationError, model_validator
from sqlalchemy.engine import make_url

from chassis.secret_settings import BadSecretFile
from chassis.settings import ServiceSettings, SettingsError, SuiteSettings, describe_invalid_settings

# RFC 9116, 2.5.5: a file that is older may be out of date.
LONGEST_SECURITY_TXT = timedelta(days=365)
# Without line breaks, which would begin another field.
ContactUri = Annotated[str, StringConstraints(pattern=r"^(mailto:|https://|tel:)\S+$")]

SERVICES = ("quote", "enrollment", "pcp", "payment", "documents")


class GatewaySettings(ServiceSettings):
    """Variables that start with ``GATEWAY_``."""

    @property
    def async_url(self) -> str:
        url = make_url(self.database_url.get_secret_value()).set(drivername="postgresql+psycopg")
        return url.render_as_string(hide_password=False)


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
    # Proxies in front of the gateway whose X-Forwarded-* headers are believed; empty: none.
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
    # Where to report a vulnerability, and the day from which that is no longer to be relied on (security.txt).
    security_contact: ContactUri | Literal[""] = ""
    security_expires: date | None = None

    @property
    def limits_rates(self) -> bool:
        return self.suite_env == "production" if self.rate_limits is None else self.rate_limits

    @model_validator(mode="after")
    def _give_a_contact_with_its_last_day(self) -> WebSettings:
        if bool(self.security_contact) != (self.security_expires is not None):
            raise ValueError("SECURITY_CONTACT and SECURITY_EXPIRES go together: set both or neither")
        latest = self.clock().now().date() + LONGEST_SECURITY_TXT
        if self.security_expires and self.security_expires >= latest:
            raise ValueError(f"SECURITY_EXPIRES has to be before {latest}, less than a year ahead")
        return self

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
    except (ValidationError, BadSecretFile) as wrong:
        raise SettingsError(describe_invalid_settings(wrong)) from None
