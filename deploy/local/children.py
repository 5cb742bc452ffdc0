"""A process that the launcher starts, watches and stops."""

import contextlib
import os
import shutil
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class ProcessSpec:
    """How one process is started and stopped.

    `death` is the signal that the kernel sends to it when the launcher itself dies, so that nothing survives even a
    `kill -9` of the launcher. `stop_within` is in seconds; what has not ended by then is killed. `user` is a numeric
    id for a server that refuses to run as root. `parent` is the socket of the process that forks it instead of the
    launcher starting Python anew (`deploy.local.prefork`).
    """

    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict, repr=False)
    stop: signal.Signals = signal.SIGTERM
    stop_within: float = 15.0
    death: signal.Signals = signal.SIGKILL
    user: int | None = None
    cwd: Path | None = None
    holds_stdin: bool = False
    parent: Path | None = None


class ChildProcess:
    """One running process in a session of its own: Ctrl-C at the terminal reaches the launcher alone."""

    def __init__(self, spec: ProcessSpec, logs: Path) -> None:
        self.spec = spec
        command = (*death_wrapper(spec), *spec.argv)
        with (logs / f"{spec.name}.log").open("ab") as log:
            self._process = subprocess.Popen(
                command,
                env=dict(spec.env),
                cwd=spec.cwd,
                stdin=subprocess.PIPE if spec.holds_stdin else subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.pid = self._process.pid

    def exit_status(self) -> int | None:
        """The exit status (negative: the signal), or None while it runs."""
        return self._process.poll()

    def wait(self) -> int:
        """The exit status, once it has ended."""
        return self._process.wait()

    def ask_to_stop(self) -> None:
        """Send the stop signal, once; the process may take `stop_within` seconds."""
        if self.exit_status() is None:
            self._process.send_signal(self.spec.stop)

    def end(self) -> None:
        """Wait for a process that was asked to stop; whatever is left of its session's group is killed."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(self.spec.stop_within)
        self.sweep()
        self._process.wait()
        if self._process.stdin:
            self._process.stdin.close()

    def sweep(self) -> None:
        """Kill the process group, also when its leader is gone already."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)


def death_wrapper(spec: ProcessSpec) -> tuple[str, ...]:
    """The `setpriv` call (util-linux) that ties the process to the launcher's life and drops root where asked."""
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        return ()
    user: tuple[str, ...] = ()
    if spec.user is not None:
        # The server's files may lie below a folder that only root may enter (a clone in /root): it keeps this one
        # capability, rather than the launcher opening folders of the person's.
        reach = (
            "--inh-caps=-all,+dac_override",
            "--ambient-caps=-all,+dac_override",
            "--bounding-set=-all,+dac_override",
            # without this bit access(2) ignores the capability, and initdb asks by it for the server beside itself
            "--securebits=+no_setuid_fixup",
        )
        user = (f"--reuid={spec.user}", f"--regid={spec.user}", "--clear-groups", *reach)
    return (setpriv, *user, "--pdeathsig", spec.death.name.removeprefix("SIG"), "--")
