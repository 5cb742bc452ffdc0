"""What changes between a developer's machine and production."""

from __future__ import annotations

from typing import Any
from unittest.mock import MagicMock

import pytest

from chassis.settings import SuiteSettings
from gateway.commands.seed import seed_users
from gateway.edge.context import GatewayContext
from gateway.settings import WebSettings


def gateway(**settings: Any) -> GatewayContext:
    return GatewayContext(WebSettings(**settings), *[MagicMock()] * 7)


def test_production_ties_the_cookie_to_host_and_tls() -> None:
    assert gateway(suite_env="production").cookie == "__Host-sid"
    assert gateway(suite_env="production").settings.secure


def test_cookie_has_no_host_prefix_on_loopback_without_tls() -> None:
    assert gateway(suite_env="local", portal_url="http://127.0.0.1:8080").cookie == "sid"
    assert gateway(suite_env="local", portal_url="https://portal.example").cookie == "__Host-sid"


def test_demo_users_are_refused_in_production() -> None:
    with pytest.raises(SystemExit, match="refused"):
        seed_users(SuiteSettings(suite_env="production"), MagicMock())


def test_the_portal_listens_on_loopback_unless_told_otherwise() -> None:
    assert WebSettings(suite_env="local").gateway_host == "127.0.0.1"
