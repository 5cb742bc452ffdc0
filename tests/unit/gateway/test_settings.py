"""What changes between a developer's machine and production."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from unittest.mock import MagicMock

import pytest
from pydantic import ValidationError
from starlette.responses import Response
from starlette.testclient import TestClient

from chassis.settings import SuiteSettings
from gateway.commands.seed import seed_users
from gateway.edge.context import GatewayContext
from gateway.edge.middleware import RequestMiddleware
from gateway.settings import WebSettings


def gateway(**settings: Any) -> GatewayContext:
    return GatewayContext(WebSettings(**settings), *[MagicMock()] * 7)


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
    today = date(2026, 5, 20)
    settings: dict[str, Any] = {"suite_env": "test", "suite_today": today, "security_contact": contact}
    with pytest.raises(ValidationError, match=fault):
        WebSettings(**settings, security_expires=None if days is None else today + timedelta(days))
    kept = WebSettings(
        **settings | {"security_contact": "tel:+1-201-555-0123"}, security_expires=today + timedelta(364)
    )
    assert kept.security_contact
