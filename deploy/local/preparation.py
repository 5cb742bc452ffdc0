"""Migrations and seeds before the processes start; left out when they have nothing to do."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from deploy.local.children import ChildProcess, ProcessSpec
from deploy.local.errors import LocalSuiteError
from deploy.local.forked import ForkedProcess, start_child
from deploy.local.processes import ROOT

DECIDES = ("chassis", "services", "gateway", "generated")
"""The folders whose content decides what migrations and seeds do."""
FILES_OF_THE_OPERATOR = frozenset({"SUITE_MARKETS", "PCP_DIRECTORY"})
"""Settings that name files whose content decides it too. They lie anywhere and name other files, so that a suite which
has one is prepared at every start; seeds that find nothing new are quick."""


def run_preparations(rounds: Iterable[Sequence[ProcessSpec]], logs: Path) -> None:
    """Run each round's commands side by side, and the next round after them.

    Raises `LocalSuiteError` with the last line of the log when a command fails. None is running when this returns or
    raises.
    """
    for commands in rounds:
        with ExitStack() as running:
            for log, spec, process in [start_preparation(spec, logs, running) for spec in commands]:
                if process.wait() != 0:
                    told = f"`python {' '.join(spec.argv[1:])}` failed: {last_line(log)} (see {log})"
                    raise LocalSuiteError(told)


def start_preparation(
    spec: ProcessSpec, logs: Path, running: ExitStack
) -> tuple[Path, ProcessSpec, ChildProcess | ForkedProcess]:
    """Start one command; leaving `running` ends it. The log holds this run alone, so its last line is of this run."""
    log = logs / f"{spec.name}.log"
    log.unlink(missing_ok=True)
    process = start_child(spec, logs)
    running.callback(process.wait)
    running.callback(process.sweep)  # before the wait; nothing where it has ended
    return log, spec, process


def digest_preparation(data: Iterable[Path], env: Mapping[str, str]) -> str:
    """What a preparation depends on: code, catalogues, settings, the day, and which data folders it went into."""
    digest = hashlib.sha256(repr((datetime.now(UTC).date(), sorted(env.items()))).encode())
    for path in data:
        digest.update(f"{path} {path.stat().st_ino if path.exists() else 0}".encode())
    digest.update((ROOT / "markets.yaml").read_bytes())
    for folder in DECIDES:
        for file in sorted((ROOT / folder).rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts and "static" not in file.parts:
                digest.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def last_line(log: Path) -> str:
    """The last line with something in it, which in a traceback is the one that says what went wrong."""
    lines = [line for line in log.read_text(errors="replace").splitlines() if line.strip()] if log.exists() else []
    return lines[-1].strip()[:300] if lines else "nothing in its log"
