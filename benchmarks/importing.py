"""A Rate PUF of full size, imported by this code and by another commit: ``python -m benchmarks.importing REF [TURNS]``.

The files are those of ``generate_rate_puf``, made up. Each import fills an empty database of a server of its own with
PostgreSQL's usual settings; processor time counts the command and the server.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import psutil

from benchmarks import generate_rate_puf, targets
from benchmarks.compare import check_out
from benchmarks.measurement import print_targets
from benchmarks.server import run_server
from benchmarks.workers import ROOT
from chassis.db import Database
from chassis.db.migrate import upgrade_schema

YEAR = 2027
TURNS = 3


@dataclass(frozen=True, slots=True)
class ImportRun:
    """Processor seconds of the command and of the database server, and the command's peak memory."""

    command: float
    server: float
    peak_mb: int


def main(ref: str, turns: int) -> None:
    trees = {"this code": ROOT, ref: check_out(ref)}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        generate_rate_puf.main(folder / "puf", plans_per_state=generate_rate_puf.PLANS_PER_STATE, plan_year=YEAR)
        with (folder / "puf" / "rates.csv").open("rb") as file:
            rows = sum(1 for _ in file) - 1
        runs: dict[str, list[ImportRun]] = {side: [] for side in trees}
        for _ in range(turns):
            for side, tree in trees.items():
                runs[side].append(import_once(tree, folder / "puf"))
        print(f"Import of {rows:,} rows, {turns} turns, medians:")
        speeds, peaks = [], []
        for side, done in runs.items():
            command, server = median(run.command for run in done), median(run.server for run in done)
            speeds.append(rows / (command + server))
            peaks.append(median(run.peak_mb for run in done))
            print(
                f"  {side}: {command:.1f} s and {server:.1f} s of PostgreSQL, {speeds[-1]:,.0f} rows a second,"
                f" {peaks[-1]:.0f} MB"
            )
        found = {targets.IMPORT_SPEED: speeds[0] / speeds[1], targets.IMPORT_MEMORY: peaks[0] / peaks[1]}
        print_targets(found, found)


def import_once(tree: Path, puf: Path) -> ImportRun:
    with run_server() as server:
        with closing(Database(server.url)) as database:
            upgrade_schema(database.engine, tree / "services/quote/store/migrations")
        leader = psutil.Process(server.pid)
        before = used_by_tree(leader)
        arguments = ("import", "puf", str(puf), f"--plan-year={YEAR}", "--name=synthetic")
        usage = run(tree, server.url, "services.quote", *arguments)
        return ImportRun(usage.ru_utime + usage.ru_stime, used_by_tree(leader) - before, usage.ru_maxrss // 1024)


def run(tree: Path, url: str, module: str, *arguments: str) -> resource.struct_rusage:
    child = subprocess.Popen(
        [str(tree / ".venv/bin/python"), "-m", module, *arguments],
        cwd=tree,
        env=os.environ | {"QUOTE_DATABASE_URL": url},
        stdout=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{module} failed in {tree}")
    return usage


def used_by_tree(leader: psutil.Process) -> float:
    """Its connections have processes of their own; what those used that have ended is counted by their parent."""
    used = 0.0
    for process in (leader, *leader.children(recursive=True)):
        with suppress(psutil.NoSuchProcess):  # its parent counts it from now on
            times = process.cpu_times()
            used += times.user + times.system + times.children_user + times.children_system
    return used


if __name__ == "__main__":
    if len(sys.argv) < 2:
        raise SystemExit("Usage: python -m benchmarks.importing REF [TURNS]")
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else TURNS)
