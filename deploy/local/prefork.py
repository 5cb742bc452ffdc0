"""The parent of Python processes on one machine: ``python -m deploy.local.prefork SOCKET``.

It imports once what they have in common and forks a process whenever the launcher asks for one: none imports it anew,
and they share its memory. It runs none of it, so neither threads nor gRPC nor connections exist when it forks. A worker
is never its child, since eventlet has to patch before anything is imported (docs/adr/0002).

The launcher connects and sends one line. The child answers with its pid once it has a session of its own, keeps the
connection, and says at its end with which status; one that was killed says nothing, and the connection ends all the
same.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib
import json
import os
import runpy
import signal
import socket
import sys
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from deploy.local.keys import SERVICES

MODULES = (
    *(f"services.{service}.__main__" for service in SERVICES),
    "chassis.bus.client",
    "chassis.rpc.server",
    "chassis.relay",
    "services.payment.commands.page",
    "services.payment.commands.sandbox",
    "gateway.__main__",
    "uvicorn.protocols.http.httptools_impl",
    "uvloop",
)
"""What the children import at their start; of uvicorn's parts those that it chooses and imports by name."""
PR_SET_PDEATHSIG = 1
"""Of prctl(2): the signal that the kernel sends to a child when its parent dies."""
LONGEST_REQUEST = 1 << 20
"""Bytes; an environment with all keys has some 20 kB."""


def main(path: Path) -> None:
    gc.disable()  # nothing of what follows is garbage
    for module in MODULES:
        importlib.import_module(module)
    refuse_threads()
    gc.freeze()  # a collection in a child would write to each of these objects, and so copy its page
    gc.enable()
    signal.signal(signal.SIGCHLD, collect_ended)
    listener = listen(path)
    while True:
        connection, _ = listener.accept()
        with connection:
            if request := connection.makefile("rb").readline(LONGEST_REQUEST):
                fork(json.loads(request), connection, listener)


def refuse_threads() -> None:
    """A lock that another thread holds at the fork would stay locked in the child for ever."""
    if len(list(Path("/proc/self/task").iterdir())) > 1:
        raise SystemExit("A module starts a thread when it is imported, so that nothing can be forked after it.")


def collect_ended(_number: int, _frame: FrameType | None) -> None:
    with contextlib.suppress(ChildProcessError):  # there is none any more
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def listen(path: Path) -> socket.socket:
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX)
    with short_name(path) as name:
        listener.bind(name)
        Path(name).chmod(0o600)
    listener.listen()
    return listener


@contextmanager
def short_name(path: Path) -> Iterator[str]:
    """Another name for a socket: the address of one has room for some hundred bytes."""
    folder = os.open(path.parent, os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)


def fork(request: Mapping[str, Any], connection: socket.socket, listener: socket.socket) -> None:
    """Fork a child that goes on with what was asked for and never returns."""
    parent = os.getpid()
    if os.fork():
        return
    listener.close()
    status = 1
    try:
        end_with(parent)
        connection.sendall(f"{os.getpid()}\n".encode())
        become(**request)
    except SystemExit as end:
        status = exit_status(end.code)
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        connection.sendall(f"{status}\n".encode())
        os._exit(status)


def end_with(parent: int) -> None:
    """Begin a session of its own, as every process of the launcher, that the kernel kills when the parent dies."""
    os.setsid()
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died in between
        os._exit(1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)


def become(argv: list[str], env: Mapping[str, str], log: str) -> NoReturn:
    """Do what ``python -m argv...`` does, with this environment and everything it says in the log."""
    os.environ.clear()
    os.environ.update(env)
    redirect_output(log)
    sys.argv = argv
    warnings.filterwarnings("ignore", module="runpy")  # it warns of a module that was imported before it is run
    runpy.run_module(argv[0], run_name="__main__", alter_sys=True)
    raise SystemExit


def redirect_output(log: str) -> None:
    out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for target, source in ((0, nothing), (1, out), (2, out)):
        os.dup2(source, target)
    os.close(out)
    os.close(nothing)


def exit_status(code: Any) -> int:
    """As the interpreter makes it: a sentence is printed, and counts as a failure."""
    if code is None or isinstance(code, int):
        return code or 0
    print(code, file=sys.stderr)
    return 1


if __name__ == "__main__":
    main(Path(sys.argv[1]))
