"""The compose file starts the same suite as `make run`, and lets nobody but this machine in."""

from pathlib import Path
from typing import Any

import yaml

from deploy.container_secrets import compose
from deploy.local.keys import OWNERS, load_or_create_keys
from deploy.local.processes import COMMANDS, PASSED_ON, PREPARATIONS, Ports, ProcessSettings
from deploy.local.servers.postgres import OPTIONS

ROOT = Path(__file__).parents[3]
FILE = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = FILE["services"]
BACKING = {"rabbitmq", "postgresql"}
OURS = {name: service for name, service in SERVICES.items() if "command" in service and name not in BACKING}


def test_every_process_and_every_preparation_of_the_suite_is_there() -> None:
    preparations = [command for commands in PREPARATIONS for command in commands]
    assert sorted(tuple(service["command"]) for service in OURS.values()) == sorted([*COMMANDS.values(), *preparations])


def test_container_gets_every_variable_that_make_run_gives_its_process(tmp_path: Path) -> None:
    keys = load_or_create_keys(tmp_path / "keys.json")
    secrets = {line.partition("=")[0] for line in compose(keys).splitlines()}
    settings = ProcessSettings(Ports.free(0), keys, dict.fromkeys(OWNERS, "postgresql://"), "amqp://", {})
    for name in COMMANDS:
        told = {*SERVICES[name]["environment"], *secrets, *PASSED_ON, "PYTHONUNBUFFERED"}
        assert settings.environment(name).keys() <= told, name


def test_every_database_of_the_secrets_is_made() -> None:
    made = FILE["configs"]["databases"]["content"].split(";")
    assert {statement.split()[-1] for statement in made if statement.strip()} == set(OWNERS)


def test_every_database_server_has_the_settings_of_that_of_make_run() -> None:
    wanted = list(OPTIONS)
    pods = yaml.safe_load_all((ROOT / "deploy/k8s/overlays/local/backing.yaml").read_text())
    containers = [
        c for pod in pods if pod["kind"] == "Deployment" for c in pod["spec"]["template"]["spec"]["containers"]
    ]
    (server,) = [container for container in containers if container["name"] == "postgresql"]
    assert SERVICES["postgresql"]["command"] == server["args"] == wanted


def test_every_port_is_published_on_loopback_alone() -> None:
    ports = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_every_container_comes_back_after_its_process_died() -> None:
    assert {service["restart"] for service in SERVICES.values()} == {"on-failure"}


def test_the_suites_containers_are_locked_down_like_its_pods() -> None:
    for name, service in OURS.items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name


def test_every_container_of_ours_is_given_the_operators_states() -> None:
    added = yaml.safe_load((ROOT / "deploy" / "compose.market.yaml").read_text())["services"]
    assert added.keys() == OURS.keys()
    for name, service in added.items():
        [(_, target, mode)] = [volume.rsplit(":", 2) for volume in service["volumes"]]
        assert (target, mode) == ("/market", "ro"), name
        assert all(path.startswith("/market/") for path in service["environment"].values()), name
        assert service["environment"].keys() == {"SUITE_MARKETS", "ENROLLMENT_RULES_FOLDER", "PCP_DIRECTORY"}, name
