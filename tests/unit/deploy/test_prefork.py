"""Forked processes live and die as those that are started by themselves, and with the parent that forked them."""

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.children import ProcessSpec
from deploy.local.forked import ForkedProcess, ParentAway, is_there, start_child
from deploy.local.supervisor import Supervisor
from deploy.local.waiting import wait_until
from tests.unit.deploy.test_supervisor import SOON, alive

PARENT = """
import pathlib, sys
from deploy.local import prefork
prefork.MODULES = sys.argv[2:]
prefork.main(pathlib.Path(sys.argv[1]))
"""
SLEEPER = "import time; time.sleep(60)"
TELLS = """
import os, sys
print(sys.argv, os.environ, __name__, sys.modules.get("imported_before"), flush=True)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Deeper than the address of a socket may be long."""
    folder = tmp_path / ("deep" * 30)
    folder.mkdir()
    for name, code in (
        ("sleeper", SLEEPER),
        ("tells", TELLS),
        ("imported_before", ""),
        ("fails", "raise SystemExit('no')"),
    ):
        (folder / f"{name}.py").write_text(code)
    (folder / "threads.py").write_text(
        "import threading, time; threading.Thread(target=time.sleep, args=(60,)).start()"
    )
    return folder


def parent(folder: Path, *modules: str) -> ProcessSpec:
    argv = (sys.executable, "-c", PARENT, str(folder / "socket"), *modules)
    paths = os.pathsep.join([str(Path(__file__).parents[3]), str(folder)])
    return ProcessSpec("prefork", argv, env={"PYTHONPATH": paths})


def forked(folder: Path, name: str, *arguments: str) -> ProcessSpec:
    argv = (sys.executable, "-m", name, *arguments)
    return ProcessSpec(name, argv, env={"TOLD": "1"}, stop_within=5.0, parent=folder / "socket")


@pytest.fixture
def supervisor(folder: Path) -> Iterator[Supervisor]:
    supervisor = Supervisor(folder)
    supervisor.start(parent(folder, "imported_before"))
    assert wait_until(lambda: is_there(folder / "socket"), SOON)
    yield supervisor
    supervisor.stop()


def run(folder: Path, name: str, *arguments: str) -> tuple[int, str]:
    """Exit status and log."""
    process = start_child(forked(folder, name, *arguments), folder)
    return process.wait(), (folder / f"{name}.log").read_text()


@pytest.mark.usefixtures("supervisor")
def test_a_module_runs_as_if_python_had_been_started_for_it(folder: Path) -> None:
    status, log = run(folder, "tells", "rpc", "quote")
    assert status == 0
    assert f"['{folder / 'tells.py'}', 'rpc', 'quote']" in log
    assert "environ({'TOLD': '1'}) __main__" in log
    assert "imported_before.py" in log, "it imported anew what its parent had imported"


@pytest.mark.usefixtures("supervisor")
def test_a_process_that_fails_says_why_and_with_which_status(folder: Path) -> None:
    assert run(folder, "fails") == (1, "no\n")


def test_a_killed_process_comes_back_under_its_name(supervisor: Supervisor, folder: Path) -> None:
    supervisor.start(forked(folder, "sleeper"))
    old = supervisor.kill("sleeper")
    assert wait_until(lambda: supervisor.pids()["sleeper"] != old, SOON)
    assert supervisor.running("sleeper")
    assert not alive(old)
    assert supervisor.crashes == {"sleeper": 1}


def test_with_its_parent_a_process_ends_and_both_come_back(supervisor: Supervisor, folder: Path) -> None:
    supervisor.start(forked(folder, "sleeper"))
    before = supervisor.pids()
    os.kill(before["prefork"], signal.SIGKILL)
    assert wait_until(lambda: not before.items() & supervisor.pids().items(), SOON)
    assert wait_until(lambda: supervisor.running("prefork") and supervisor.running("sleeper"), SOON)
    assert not any(alive(pid) for pid in before.values())


def test_stopping_leaves_no_process(supervisor: Supervisor, folder: Path) -> None:
    supervisor.start(forked(folder, "sleeper"))
    pids = supervisor.pids().values()
    supervisor.stop()
    assert not any(alive(pid) for pid in pids)


def test_a_process_in_its_own_session_is_stopped_by_its_signal(supervisor: Supervisor, folder: Path) -> None:
    child = ForkedProcess(forked(folder, "sleeper"), folder / "socket", folder / "sleeper.log")
    assert os.getsid(child.pid) == child.pid
    child.ask_to_stop()
    child.end()
    assert not alive(child.pid)
    assert supervisor.running("prefork")


def test_nothing_is_forked_while_nobody_listens(folder: Path) -> None:
    with pytest.raises(ParentAway):
        start_child(forked(folder, "sleeper"), folder)


def test_a_parent_whose_modules_start_a_thread_does_not_serve(folder: Path) -> None:
    process = start_child(parent(folder, "threads"), folder)
    assert wait_until(lambda: "starts a thread" in (folder / "prefork.log").read_text(), SOON)
    process.sweep()
    process.wait()
    assert not is_there(folder / "socket")


def test_only_the_owner_may_have_something_forked(supervisor: Supervisor, folder: Path) -> None:
    assert supervisor.running("prefork")
    assert (folder / "socket").stat().st_mode & 0o777 == 0o600
