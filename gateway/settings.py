"""What the gateway reads from outside, beside the settings that every process shares."""

from __future__ import annotations

from pydantic import ValidationError
from sqlalchemy.engine import make_url

from chassis.settings import ServiceSettings, SettingsError, SuiteSettings, describe_invalid_settings

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
    except ValidationError as wrong:
        raise SettingsError(describe_invalid_settings(wrong)) from None
