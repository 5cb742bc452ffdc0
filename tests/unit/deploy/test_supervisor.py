"""Processes that crash come back, processes that are stopped stay away, and none outlives the launcher."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.children import ProcessSpec
from deploy.local.supervisor import FIRST_PAUSE, HEALTHY_AFTER, RestartPolicy, Supervisor
from deploy.local.waiting import wait_until

SLEEPER = "import time; time.sleep(60)"
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
)
LAUNCHER = """
import sys, time
from pathlib import Path
from deploy.local.children import ProcessSpec
from deploy.local.supervisor import Supervisor
supervisor = Supervisor(Path(sys.argv[1]))
supervisor.start(ProcessSpec("child", argv=(sys.executable, "-c", "import time; time.sleep(60)")))
print(supervisor.pids()["child"], flush=True)
time.sleep(60)
"""
SOON = 10.0


def python(name: str, code: str, stop_within: float = 5.0) -> ProcessSpec:
    return ProcessSpec(name, argv=(sys.executable, "-c", code), stop_within=stop_within)


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"  # ended, and only not yet collected by its parent


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    supervisor = Supervisor(tmp_path)
    yield supervisor
    supervisor.stop()


def test_a_killed_process_comes_back_under_its_name(supervisor: Supervisor) -> None:
    supervisor.start(python("worker", SLEEPER))
    old = supervisor.kill("worker")
    assert wait_until(lambda: supervisor.pids()["worker"] != old, SOON)
    assert supervisor.running("worker")
    assert not alive(old)
    assert supervisor.crashes == {"worker": 1}


def test_stopping_leaves_no_process(supervisor: Supervisor) -> None:
    supervisor.start(python("server", SLEEPER))
    supervisor.start(python("worker", SLEEPER), python("relay", SLEEPER))
    pids = supervisor.pids().values()
    supervisor.stop()
    assert not any(alive(pid) for pid in pids)


def test_a_process_that_will_not_stop_is_killed(supervisor: Supervisor, tmp_path: Path) -> None:
    supervisor.start(python("deaf", STUBBORN, stop_within=0.2))
    assert wait_until(lambda: "deaf" in (tmp_path / "deaf.log").read_text(), SOON)
    pid = supervisor.pids()["deaf"]
    supervisor.stop()
    assert not alive(pid)


def test_a_killed_launcher_takes_its_processes_along(tmp_path: Path) -> None:
    launcher = subprocess.Popen([sys.executable, "-c", LAUNCHER, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert launcher.stdout
    child = int(launcher.stdout.readline())
    # past its wrapper, which names the same command further back
    assert wait_until(lambda: "python" in Path(f"/proc/{child}/cmdline").read_text().partition("\0")[0], SOON)
    launcher.kill()
    launcher.communicate()
    try:
        assert wait_until(lambda: not alive(child), SOON)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)


def test_the_pause_before_a_restart_doubles_until_the_process_held_out(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("deploy.local.supervisor.time.monotonic", lambda: now[0])
    restart = RestartPolicy()

    def crash_and_measure() -> float:
        crashed = now[0]
        while not restart.due():
            now[0] += 0.01
        restart.done()
        return round(now[0] - crashed, 1)

    assert [crash_and_measure() for _ in range(3)] == [FIRST_PAUSE, 2 * FIRST_PAUSE, 4 * FIRST_PAUSE]
    now[0] += HEALTHY_AFTER + 1
    assert crash_and_measure() == FIRST_PAUSE
