"""A process that `deploy.local.prefork` forks for the launcher."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
from pathlib import Path

from deploy.local.children import ChildProcess, ProcessSpec
from deploy.local.prefork import short_name

ANSWER_WITHIN = 30.0
"""Seconds for a fork: it takes some milliseconds, and more while a machine swaps."""

GONE_WITHIN = 5.0
"""Seconds from the end of its connections to that of the process: the kernel needs some milliseconds."""


class ParentAway(Exception):
    """Nobody forks at the moment: the parent ended, or still imports."""


def start_child(spec: ProcessSpec, logs: Path) -> ChildProcess | ForkedProcess:
    """Start a process in the way that it names. Raises `ParentAway`."""
    if spec.parent:
        return ForkedProcess(spec, spec.parent, logs / f"{spec.name}.log")
    return ChildProcess(spec, logs)


class ForkedProcess:
    """Like `ChildProcess`, but no child of the launcher: what it hears of its end comes over the connection."""

    def __init__(self, spec: ProcessSpec, parent: Path, log: Path) -> None:
        self.spec = spec
        self._status: int | None = None
        self._connection = connect(parent)
        module_and_arguments = spec.argv[spec.argv.index("-m") + 1 :]
        request = {"argv": module_and_arguments, "env": dict(spec.env), "log": str(log)}
        try:
            self._connection.sendall(json.dumps(request).encode() + b"\n")
            self.pid = int(read_line(self._connection))
        except (OSError, ValueError):
            self._connection.close()
            raise ParentAway from None

    def exit_status(self) -> int | None:
        """The exit status (-9 when it said none), or None while it runs."""
        return self._wait(0)

    def wait(self) -> int:
        """The exit status, once it has ended."""
        status = self._wait(None)
        assert status is not None
        return status

    def ask_to_stop(self) -> None:
        if self.exit_status() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, self.spec.stop)

    def end(self) -> None:
        self._wait(self.spec.stop_within)
        self.sweep()
        self.wait()
        self._await_last_moment()

    def sweep(self) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)

    def _await_last_moment(self) -> None:
        """A process closes its connections before it is gone."""
        try:
            process = os.pidfd_open(self.pid)
        except ProcessLookupError:
            return
        select.select([process], [], [], GONE_WITHIN)
        os.close(process)

    def _wait(self, seconds: float | None) -> int | None:
        if self._status is None and select.select([self._connection], [], [], seconds)[0]:
            with self._connection:
                told = read_line(self._connection)
            self._status = int(told) if told else -signal.SIGKILL
        return self._status


def connect(parent: Path) -> socket.socket:
    """Raises `ParentAway` when nobody listens."""
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(ANSWER_WITHIN)
    try:
        with short_name(parent) as name:
            connection.connect(name)
    except OSError:
        connection.close()
        raise ParentAway from None
    return connection


def is_there(parent: Path) -> bool:
    """Whether it forks now."""
    try:
        connect(parent).close()
    except ParentAway:
        return False
    return True


def read_line(connection: socket.socket) -> bytes:
    """What comes until the end of a line or of the connection; byte by byte, since what follows is for later."""
    line = b""
    with contextlib.suppress(ConnectionResetError):
        while (byte := connection.recv(1)) not in (b"", b"\n"):
            line += byte
    return line
