"""Which process is told what, and what is kept in the state folder."""

import json
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from deploy.local.errors import LocalSuiteError
from deploy.local.keys import OWNERS, SERVICES, load_or_create_keys
from deploy.local.ports import RANGE
from deploy.local.processes import COMMANDS, Ports, ProcessSettings
from deploy.local.servers.databases import for_role
from deploy.local.state import State, running_state


@pytest.fixture
def settings(tmp_path: Path) -> ProcessSettings:
    databases = {owner: f"postgresql://{owner}" for owner in OWNERS}
    return ProcessSettings(
        Ports.free(0),
        load_or_create_keys(tmp_path / "keys.json"),
        databases,
        "amqp://broker/",
        {"SUITE_TODAY": "2026-05-20"},
    )


def test_the_gateway_and_the_payment_page_know_no_secret_of_another(settings: ProcessSettings) -> None:
    for process, own in (("gateway", "GATEWAY"), ("page", "PAYMENT"), ("sandbox", "PAYMENT")):
        secrets = ("_DATABASE_URL", "_IDENTITY_KEY", "_FIELD_KEY", "_INDEX_KEY", "_SECRET")
        told = [name for name in settings.environment(process) if name.endswith(secrets)]
        assert told
        assert all(name.startswith(own) for name in told)


def test_every_service_gets_its_database_and_its_key(settings: ProcessSettings) -> None:
    for process in ("rpc", "worker"):
        environment = settings.environment(process)
        assert {f"{name.upper()}_DATABASE_URL" for name in SERVICES} <= environment.keys()
        assert {f"{name.upper()}_IDENTITY_KEY" for name in SERVICES} <= environment.keys()
        assert "GATEWAY_IDENTITY_KEY" not in environment


def test_the_relay_gets_the_databases_with_outboxes_and_no_key(settings: ProcessSettings) -> None:
    environment = settings.environment("relay")
    databases = {f"{name.upper()}_DATABASE_URL" for name in SERVICES}
    assert {name for name in environment if name.endswith(("_DATABASE_URL", "_KEY", "_SECRET"))} == databases


def test_trusted_keys_hold_no_private_half(settings: ProcessSettings) -> None:
    keys = json.loads(settings.environment("rpc")["IDENTITY_TRUSTED_KEYS"])["keys"]
    assert {key["kid"] for key in keys} == set(OWNERS)
    assert not any("d" in key for key in keys)


def test_settings_of_the_terminal_do_not_reach_a_process(
    settings: ProcessSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUOTE_DATABASE_URL", "postgresql://elsewhere")
    monkeypatch.setenv("DATABASE_URL", "postgresql://admin")
    environment = settings.environment("rpc")
    assert environment["QUOTE_DATABASE_URL"] == "postgresql://quote"
    assert "DATABASE_URL" not in environment
    assert environment["SUITE_TODAY"] == "2026-05-20"


def test_ports_are_apart_and_outside_the_range_of_outgoing_connections() -> None:
    ports = Ports.free(0)
    chosen = [ports.gateway, ports.page, ports.sandbox, ports.rpc, *ports.health.values()]
    assert len(set(chosen)) == len(chosen)
    assert all(RANGE[0] <= port < RANGE[1] for port in chosen)


def test_the_payment_page_is_a_site_of_its_own() -> None:
    ports = Ports.free(0)
    assert "127.0.0.1" in ports.portal_url
    assert "localhost" in ports.page_url


def test_readiness_of_every_process_but_the_sandbox_is_awaited(settings: ProcessSettings) -> None:
    assert settings.ports.ready_urls().keys() | {"sandbox"} == COMMANDS.keys()


def test_a_second_worker_is_a_worker_with_a_port_of_its_own(settings: ProcessSettings) -> None:
    commands = {**COMMANDS, "worker.2": COMMANDS["worker"]}
    ports = Ports.free(0, commands)
    specs = {spec.name: spec for spec in replace(settings, ports=ports, commands=commands, parent=Path("s")).specs()}
    first, second = specs["worker"], specs["worker.2"]
    assert (first.argv, first.parent) == (second.argv, second.parent) == (first.argv, None)
    assert first.env.keys() == second.env.keys()
    assert ports.health["worker"] != ports.health["worker.2"]


def test_secrets_are_made_once_and_are_the_owners_alone(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    first = load_or_create_keys(file)
    assert load_or_create_keys(file) == first
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_an_older_suite_gets_the_secrets_that_are_new(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    file.write_text(json.dumps({"postgres": "kept"}))
    kept = load_or_create_keys(file)
    assert kept["postgres"] == "kept"
    assert kept["ENROLLMENT_FIELD_KEY"]


def test_the_url_of_a_service_is_the_administrators_with_its_own_name() -> None:
    admin = "postgresql://admin:word@127.0.0.1:5432/postgres?sslmode=disable"
    assert (
        for_role(admin, "suite_quote", "pw") == "postgresql://suite_quote:pw@127.0.0.1:5432/suite_quote?sslmode=disable"
    )


def test_a_folder_has_one_owner_at_a_time(tmp_path: Path) -> None:
    first, second = State(tmp_path), State(tmp_path)
    first.take()
    first.describe({"portal_url": "http://127.0.0.1:8080"})
    assert running_state(tmp_path) == {"portal_url": "http://127.0.0.1:8080"}
    with pytest.raises(LocalSuiteError, match=r"runs already .* http://127\.0\.0\.1:8080"):
        second.take()
    first.release()
    assert running_state(tmp_path) is None
    second.take()
    second.release()


def test_a_folder_of_a_killed_suite_is_free(tmp_path: Path) -> None:
    (tmp_path / "lock").touch()
    (tmp_path / "suite.json").write_text("{}")
    assert running_state(tmp_path) is None
