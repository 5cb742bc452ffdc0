"""What changes between a developer's machine and production."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, timedelta
from typing import Any
from unittest.mock import AsyncMock, MagicMock

import pytest
from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from chassis.kernel import SystemClock
from chassis.settings import SettingsError, SuiteSettings
from gateway.__main__ import serve
from gateway.commands.seed import seed_users
from gateway.edge.context import GatewayContext
from gateway.edge.middleware import RequestMiddleware
from gateway.identity.organization_sign_in import StartedSignIn
from gateway.pages import organization_sign_in
from gateway.settings import WebSettings


def gateway(**settings: Any) -> GatewayContext:
    others = len(fields(GatewayContext)) - 1
    return GatewayContext(WebSettings(**settings), *[MagicMock()] * others)


def test_production_ties_the_cookie_to_host_and_tls() -> None:
    assert gateway(suite_env="production").cookie == "__Host-sid"
    assert gateway(suite_env="production").settings.secure


def test_cookie_has_no_host_prefix_on_loopback_without_tls() -> None:
    assert gateway(suite_env="local", portal_url="http://127.0.0.1:8080").cookie == "sid"
    assert gateway(suite_env="local", portal_url="https://portal.example").cookie == "__Host-sid"


@pytest.mark.parametrize(
    ("environment", "told"), [("production", "max-age=31536000; includeSubDomains"), ("test", None)]
)
def test_production_tells_browsers_to_come_by_tls_alone(environment: Any, told: str | None) -> None:
    settings = WebSettings(suite_env=environment)
    app = RequestMiddleware(Response("found", 404), secure=settings.secure)
    assert TestClient(app).get("/nowhere").headers.get("Strict-Transport-Security") == told


@pytest.mark.parametrize(
    ("environment", "portal", "told"),
    [
        ("production", "http://portal.example", "PORTAL_URL has to begin with https://"),
        ("production", "", "PORTAL_URL has to begin with https://"),
        # the controls: the next thing that is missing
        ("production", "https://portal.example", "GATEWAY_DATABASE_URL"),
        ("test", "http://portal.example", "GATEWAY_DATABASE_URL"),
    ],
)
def test_production_serves_the_portal_by_https_alone(
    monkeypatch: pytest.MonkeyPatch, environment: str, portal: str, told: str
) -> None:
    for name, value in {"SUITE_ENV": environment, "PORTAL_URL": portal, "TLS_PROVIDED_BY": "a mesh"}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=told):
        serve()


def test_demo_users_are_refused_in_production() -> None:
    with pytest.raises(SystemExit, match="refused"):
        seed_users(SuiteSettings(suite_env="production"), MagicMock())


def test_the_portal_listens_on_loopback_unless_told_otherwise() -> None:
    assert WebSettings(suite_env="local").gateway_host == "127.0.0.1"


@pytest.mark.parametrize(
    ("contact", "days", "fault"),
    [
        ("mailto:security@example.com", 365, "less than a year ahead"),
        ("mailto:security@example.com", None, "set both or neither"),
        ("", 30, "set both or neither"),
        ("mailto:a@example.com\nContact: mailto:b@example.com", 30, "security_contact"),
        ("security@example.com", 30, "security_contact"),
    ],
)
def test_a_contact_for_vulnerabilities_ends_within_a_year(contact: str, days: int | None, fault: str) -> None:
    suite_today = date(2026, 5, 20)
    today = SystemClock(suite_today).now().date()  # as UTC has it, which is a day further in the evenings of the States
    settings: dict[str, Any] = {"suite_env": "test", "suite_today": suite_today, "security_contact": contact}
    with pytest.raises(ValidationError, match=fault):
        WebSettings(**settings, security_expires=None if days is None else today + timedelta(days))
    kept = WebSettings(
        **settings | {"security_contact": "tel:+1-201-555-0123"}, security_expires=today + timedelta(364)
    )
    assert kept.security_contact


@pytest.mark.parametrize(
    ("name", "value"),
    [("session_idle_minutes", 4), ("session_idle_minutes", 61), ("session_hours", 0), ("session_hours", 25)],
)
def test_a_session_limit_out_of_bounds_is_refused(name: str, value: int) -> None:
    settings: dict[str, Any] = {"suite_env": "test", name: value}
    with pytest.raises(ValidationError, match=name):
        WebSettings(**settings)


@pytest.mark.parametrize("proxies", ["*", "ingress.example", "10.0.0.7,", "10.0.0.0/33", "10.0.0.7 10.0.0.8"])
def test_proxies_are_named_by_address(proxies: str) -> None:
    """Else a visitor could choose an address, or the operator believe in a name that never counts."""
    with pytest.raises(ValidationError, match="needs addresses or networks"):
        WebSettings(suite_env="test", trusted_proxies=proxies)


@pytest.mark.parametrize("proxies", ["", "10.0.0.7", "10.0.0.7, 10.1.0.0/16,2001:db8::/32"])
def test_addresses_and_networks_of_proxies_are_taken(proxies: str) -> None:
    """The control."""
    assert WebSettings(suite_env="test", trusted_proxies=proxies).trusted_proxies == proxies


PROVIDER = {
    "oidc_issuer": "https://login.prairie.example/tenant",
    "oidc_client_id": "portal",
    "oidc_client_secret": "secret",
}


@pytest.mark.parametrize(
    ("environment", "changed", "fault"),
    [
        ("production", {"oidc_issuer": "http://login.prairie.example"}, "OIDC_ISSUER has to begin with https"),
        ("production", {"oidc_issuer": "http://127.0.0.1:9000"}, "OIDC_ISSUER has to begin with https"),
        ("test", {"oidc_issuer": "http://login.prairie.example"}, "OIDC_ISSUER has to begin with https"),
        ("test", {"oidc_issuer": "https://login.prairie.example?tenant=1"}, "oidc_issuer"),
        ("test", {"oidc_issuer": ""}, "set all or none"),
        ("test", {"oidc_client_id": ""}, "set all or none"),
        ("test", {"oidc_client_secret": ""}, "set all or none"),
        ("test", {"oidc_scopes": "email"}, "openid"),
        ("test", {"oidc_roles": {"agents": "administrator"}}, "oidc_roles"),
        ("test", {"oidc_name": ""}, "oidc_name"),
    ],
)
def test_a_provider_is_named_whole_and_reached_safely(environment: Any, changed: dict[str, Any], fault: str) -> None:
    with pytest.raises(ValidationError, match=fault):
        WebSettings(suite_env=environment, **PROVIDER | changed)
    assert WebSettings(suite_env=environment, **PROVIDER).organization  # type: ignore[arg-type]  # texts by name
    assert WebSettings(suite_env="test", **PROVIDER | {"oidc_issuer": "http://127.0.0.1:9000"}).organization  # type: ignore[arg-type]  # texts by name


def test_without_a_provider_nobody_signs_in_by_one() -> None:
    assert WebSettings(suite_env="production").organization is None


@pytest.mark.parametrize(
    ("environment", "cookie"), [("production", "__Host-organization-sign-in"), ("test", "organization-sign-in")]
)
def test_production_ties_the_cookie_of_a_sign_in_to_host_and_tls(environment: Any, cookie: str) -> None:
    begun = AsyncMock(return_value=StartedSignIn("https://login.prairie.example/auth", "secret"))
    found = replace(gateway(suite_env=environment), organization_sign_in=MagicMock(begin=begun))
    app = Starlette(routes=[Route("/", organization_sign_in.begin)])
    app.state.gateway = found
    given = TestClient(app).get("/", follow_redirects=False).headers["set-cookie"]
    assert given.startswith(f"{cookie}=secret; ")
    assert ("Secure" in given.split("; ")) is (environment == "production")
