"""Which broker is used, and what is said where none can be had."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path

import pytest

from deploy.local.errors import LocalSuiteError
from deploy.local.servers import broker, chromium, debian, docker, rabbitmq
from deploy.local.waiting import wait_until


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without RabbitMQ, Docker and root."""
    monkeypatch.setattr(rabbitmq, "find_rabbitmq", lambda: None)
    monkeypatch.setattr(docker, "find_docker", lambda: None)
    monkeypatch.setattr(debian, "can_install", lambda: False)


def test_broker_in_amqp_url_is_used_and_nothing_is_started(tmp_path: Path) -> None:
    chosen = broker.choose_broker(tmp_path, "password", "amqp://elsewhere/")
    assert (chosen.url, chosen.children) == ("amqp://elsewhere/", ())


@pytest.mark.usefixtures("bare")
def test_error_names_every_way_to_get_a_broker_when_none_works(tmp_path: Path) -> None:
    with pytest.raises(LocalSuiteError, match=r"apt-get install rabbitmq-server.*Docker.*AMQP_URL.*root"):
        broker.choose_broker(tmp_path, "password", None)


@pytest.mark.usefixtures("bare")
def test_broker_runs_in_a_container_when_only_docker_is_available(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(docker, "find_docker", lambda: "docker")
    monkeypatch.setattr(docker, "has_image", lambda engine, image: True)
    chosen = broker.choose_broker(tmp_path, "a-password", None)
    (container,) = chosen.children
    assert container.holds_stdin
    assert not any("a-password" in part for part in container.argv)  # the process list is for everybody to read
    assert any(part.startswith("127.0.0.1:") for part in container.argv)


@pytest.mark.usefixtures("bare")
def test_debian_package_is_installed_when_the_image_cannot_be_pulled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(docker, "find_docker", lambda: "docker")
    monkeypatch.setattr(docker, "has_image", lambda engine, image: False)
    monkeypatch.setattr(docker, "pull_image", lambda engine, image: False)
    monkeypatch.setattr(debian, "can_install", lambda: True)
    installed: list[Path] = []
    monkeypatch.setattr(debian, "install_rabbitmq", lambda log, say: installed.append(log))
    with pytest.raises(LocalSuiteError):  # apt failed as well
        broker.choose_broker(tmp_path, "password", None)
    assert len(installed) == 1


def test_packages_start_no_service_while_they_are_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    policy = tmp_path / "policy-rc.d"
    monkeypatch.setattr(debian, "POLICY", policy)
    with debian.no_services():
        assert "exit 101" in policy.read_text()
    assert not policy.exists()


def test_existing_policy_rc_d_of_the_machine_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    policy = tmp_path / "policy-rc.d"
    policy.write_text("its own")
    monkeypatch.setattr(debian, "POLICY", policy)
    with debian.no_services():
        pass
    assert policy.read_text() == "its own"


@pytest.mark.usefixtures("bare")
@pytest.mark.parametrize(
    ("module", "name", "found"),
    [(rabbitmq, "find_rabbitmq", Path("rabbitmq-server")), (docker, "find_docker", "docker"), (broker, "none", None)],
)
def test_set_up_installs_a_broker_only_where_there_is_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: object, name: str, found: object
) -> None:
    monkeypatch.delenv("AMQP_URL", raising=False)
    monkeypatch.setattr(module, name, lambda: found, raising=False)
    monkeypatch.setattr(debian, "can_install", lambda: True)
    monkeypatch.setattr(debian, "install_rabbitmq", lambda log, say: True)
    assert broker.install_missing_broker(tmp_path) is (found is None)


@pytest.mark.usefixtures("bare")
def test_set_up_installs_no_broker_beside_one_that_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(debian, "can_install", lambda: True)
    monkeypatch.setattr(debian, "install_rabbitmq", lambda log, say: True)
    monkeypatch.setenv("AMQP_URL", "amqp://elsewhere/")
    assert not broker.install_missing_broker(tmp_path)


def test_ctrl_c_waits_for_the_package_manager(tmp_path: Path) -> None:
    script = f"""
import signal, subprocess, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # tests that run in the background of a shell ignore it
sys.path.insert(0, {str(Path.cwd())!r})
from deploy.local.servers.debian import run_to_end
work = "touch begun; until [ -e told ]; do sleep 0.05; done; sleep 1; touch ended"
run_to_end(["sh", "-c", "cd {tmp_path}; " + work], {{}}, subprocess.DEVNULL)
"""
    running = subprocess.Popen([sys.executable, "-c", script], start_new_session=True, stderr=subprocess.DEVNULL)
    assert wait_until((tmp_path / "begun").exists, 30)
    os.killpg(running.pid, signal.SIGINT)  # as a terminal does
    (tmp_path / "told").touch()
    assert running.wait(30) != 0
    assert (tmp_path / "ended").exists()


@pytest.mark.parametrize("has_browser", [False, True])
def test_browser_and_what_its_driver_needs_are_installed_where_one_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, has_browser: bool
) -> None:
    installed: list[str] = []

    def install(names: Sequence[str], log: Path) -> bool:
        installed.extend(names)
        return True

    monkeypatch.setattr(chromium, "find_chromium", lambda: Path("chromium") if has_browser or installed else None)
    monkeypatch.setattr(chromium, "can_start_driver", lambda: bool(installed))
    monkeypatch.setattr(debian, "can_install", lambda: True)
    monkeypatch.setattr(debian, "install_packages", install)
    assert chromium.choose_chromium(tmp_path) == Path("chromium")
    assert {"chromium-headless-shell", "libatomic1"} <= set(installed)


def test_packages_are_installed_though_the_folder_of_the_log_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(debian, "POLICY", tmp_path / "policy-rc.d")
    monkeypatch.setattr(debian, "LOCK", tmp_path / "lock")
    monkeypatch.setattr(debian, "run_to_end", lambda *_: 0)
    log = tmp_path / "logs" / "setup.log"
    assert debian.install_packages(("made-up",), log)
    assert log.exists()


@pytest.mark.parametrize("guarded", [True, False])
def test_two_who_install_at_once_wait_for_each_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, guarded: bool
) -> None:
    """As `make test` does for the broker and the browser; the control is without the lock."""
    running, together = [], threading.Event()

    def run(*_: object) -> int:
        running.append(1)
        if len(running) > 1:
            together.set()
        together.wait(0.2)
        running.pop()
        return 0

    monkeypatch.setattr(debian, "POLICY", tmp_path / "policy-rc.d")
    monkeypatch.setattr(debian, "LOCK", tmp_path / "lock")
    monkeypatch.setattr(debian, "run_to_end", run)
    if not guarded:
        monkeypatch.setattr(debian, "alone", nullcontext)
        monkeypatch.setattr(debian, "no_services", nullcontext)
    with ThreadPoolExecutor(2) as threads:
        done = list(threads.map(lambda name: debian.install_packages((name,), tmp_path / "log"), ("one", "another")))
    assert done == [True, True]
    assert together.is_set() != guarded


@pytest.mark.parametrize(("has_browser", "has_driver"), [(False, True), (True, False)])
def test_error_says_how_to_get_a_browser_where_none_can_be_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, has_browser: bool, has_driver: bool
) -> None:
    monkeypatch.setattr(chromium, "find_chromium", lambda: Path("chromium") if has_browser else None)
    monkeypatch.setattr(chromium, "can_start_driver", lambda: has_driver)
    monkeypatch.setattr(debian, "can_install", lambda: False)
    with pytest.raises(LocalSuiteError, match="apt-get install chromium-headless-shell"):
        chromium.choose_chromium(tmp_path)
