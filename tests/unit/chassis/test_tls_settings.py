"""Production starts with no connection that is neither encrypted nor checked, unless another part does that instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from chassis.bus.broker_address import connection_options, make_context, plain_address
from chassis.rpc.tls import load_rpc_tls
from chassis.settings import ServiceSettings, SettingsError, is_checked_by_tls, load_service, load_suite

VERIFIED = "postgresql://quote:word@db/quote?sslmode=verify-full&sslrootcert=/tls/ca.crt"
MESH = "Linkerd, mutual TLS between all pods"


@pytest.fixture(autouse=True)
def production(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ("SUITE_TODAY", "AMQP_URL", "TLS_PROVIDED_BY", "QUOTE_DATABASE_URL", "QUOTE_IDENTITY_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SUITE_ENV", "production")
    return monkeypatch


def test_production_refuses_a_broker_without_tls(production: pytest.MonkeyPatch) -> None:
    production.setenv("AMQP_URL", "amqp://quote:word@mq/")
    with pytest.raises(SettingsError, match="AMQP_URL has to begin with amqps://"):
        load_suite()
    production.setenv("AMQP_URL", "amqps://quote:word@mq/?cafile=/tls/ca.crt")
    load_suite()


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://quote:word@db/quote",
        "postgresql://quote:word@db/quote?sslmode=require",
        "postgresql://quote:word@db/quote?sslmode=verify-ca",
        "postgresql://quote:word@db/quote?sslmode=verify-full&sslmode=prefer",
        "postgresql://quote:word@db/quote?host=/run/postgresql",
        "postgresql://quote@/quote?host=/run/postgresql,db",
    ],
)
def test_production_refuses_a_database_whose_server_is_not_checked(production: pytest.MonkeyPatch, url: str) -> None:
    production.setenv("QUOTE_DATABASE_URL", url)
    with pytest.raises(SettingsError, match="QUOTE_DATABASE_URL has to end with"):
        load_service(ServiceSettings, "quote")
    production.setenv("SUITE_ENV", "test")
    load_service(ServiceSettings, "quote")


@pytest.mark.parametrize("url", [VERIFIED, "postgresql://quote@/quote?host=/run/postgresql"])
def test_a_checked_server_and_a_socket_of_this_machine_are_taken(url: str) -> None:
    assert is_checked_by_tls(url)


def test_production_refuses_calls_without_certificates(production: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsError, match="RPC_TLS_CA_FILE"):
        load_rpc_tls(load_suite())
    production.setenv("SUITE_ENV", "local")
    assert load_rpc_tls(load_suite()) is None


def test_an_operator_may_say_what_encrypts_instead(production: pytest.MonkeyPatch) -> None:
    production.setenv("TLS_PROVIDED_BY", MESH)
    production.setenv("AMQP_URL", "amqp://quote:word@mq/")
    production.setenv("QUOTE_DATABASE_URL", "postgresql://quote:word@db/quote")
    load_service(ServiceSettings, "quote")
    assert load_rpc_tls(load_suite()) is None
    production.setenv("TLS_PROVIDED_BY", "  ")
    with pytest.raises(SettingsError, match="amqps"):
        load_suite()


@pytest.mark.parametrize("given", ["RPC_TLS_CA_FILE", "RPC_TLS_CERTIFICATE_FILE", "RPC_TLS_KEY_FILE"])
def test_files_of_a_certificate_go_together(production: pytest.MonkeyPatch, given: str) -> None:
    production.setenv(given, "/tls/file")
    with pytest.raises(SettingsError, match="go together"):
        load_suite()


def test_a_file_that_is_missing_or_no_certificate_is_named(production: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("CA", "CERTIFICATE", "KEY"):
        production.setenv(f"RPC_TLS_{name}_FILE", str(tmp_path / name))
    with pytest.raises(SettingsError, match="RPC_TLS_CA_FILE cannot be read"):
        load_rpc_tls(load_suite())
    for name in ("CA", "CERTIFICATE", "KEY"):
        (tmp_path / name).write_text("a secret word")
    with pytest.raises(SettingsError, match="RPC_TLS_CA_FILE holds no certificate") as refused:
        load_rpc_tls(load_suite())
    assert "secret" not in str(refused.value)


def test_the_address_of_the_broker_says_how_it_is_checked() -> None:
    url = "amqps://quote:word@mq:5671/suite?cafile=/tls/ca.crt&no_verify_ssl=1"
    assert plain_address(url) == "amqps://quote:word@mq:5671/suite"
    options = connection_options(url)["ssl"]
    assert (options["ca_certs"], options["server_hostname"]) == ("/tls/ca.crt", "mq")
    assert connection_options("amqp://quote:word@mq/") == {}
    assert make_context("amqp://quote:word@mq/") is None
    of_the_machine = make_context("amqps://quote:word@mq/")
    assert of_the_machine
    assert of_the_machine.check_hostname
