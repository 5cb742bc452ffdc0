"""What the suite or its tests need from Debian's packages, for root on a machine that has it in no other way."""

import fcntl
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

POLICY = Path("/usr/sbin/policy-rc.d")
"""Debian's switch for services that a package would start at its installation; 101 forbids it."""

LOCK = Path("/run/producer-portal-packages.lock")
"""Two that install at once would meet apt's own locks, which refuse at once, and each other's policy."""
# For whoever else installs packages on this machine: as long as an installation takes.
APT_PATIENCE_SECONDS = 300


def can_install() -> bool:
    """Whether this is root on a machine with apt."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install_rabbitmq(log: Path, say: Callable[[str], None]) -> bool:
    """Install the package without letting it start a broker of its own; False when apt could not."""
    say("installing RabbitMQ from Debian's packages (only once, about a minute)")
    return install_packages(("rabbitmq-server",), log)


def install_packages(names: Sequence[str], log: Path) -> bool:
    """Install packages, none of which may start a service; False when apt could not."""
    log.parent.mkdir(parents=True, exist_ok=True)  # it may be the first that a folder of a test gets
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    patience = f"DPkg::Lock::Timeout={APT_PATIENCE_SECONDS}"
    install = ("apt-get", "install", "-y", "-q", "-o", patience, "--no-install-recommends", *names)
    with alone(), no_services(), log.open("ab") as out:
        return all(run_to_end(command, env, out) == 0 for command in (("apt-get", "update", "-q"), install))


@contextmanager
def alone() -> Iterator[None]:
    """Wait until nobody else of this project installs packages on this machine."""
    with LOCK.open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # given back when the file is closed, also by a process that was killed
        yield


def run_to_end(command: Sequence[str], env: Mapping[str, str], out: IO[bytes]) -> int:
    """The exit status. A Ctrl-C waits for the end: a package manager that is killed leaves packages half installed, and
    refuses the next installation.
    """
    running = subprocess.Popen(
        command,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=out,
        stderr=out,
        start_new_session=True,  # the terminal sends its signals to the foreground group alone
    )
    try:
        return running.wait()
    finally:
        running.wait()


@contextmanager
def no_services() -> Iterator[None]:
    """Keep packages from starting services meanwhile; a policy that the machine has already is left alone."""
    if POLICY.exists():
        yield
        return
    POLICY.write_text("#!/bin/sh\nexit 101\n")
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        POLICY.unlink()
