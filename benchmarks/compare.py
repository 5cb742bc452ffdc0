"""This code beside another commit, by turns: ``python -m benchmarks.compare REF [COUNT]``.

Both suites run at once on this machine, each with servers of its own, and are measured one after the other several
times; a ratio below 1 says that this code uses less. REF is checked out below ``.run/compared`` and keeps what set-up
installs there.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import psutil
from sqlalchemy import create_engine, make_url

from benchmarks.enrollment_samples import TODAY
from benchmarks.searches import SearchRun, another_household, measure_searches, same_household
from benchmarks.submissions import BenchmarkRun, EventWatcher, SubmissionBenchmark
from benchmarks.workers import TYPESETTING, cpu_seconds, tree
from chassis.settings import load_markets
from deploy.local.ports import free_port

ROOT = Path(__file__).resolve().parents[1]
COUNT = 60
ROUNDS = 3
REST_SECONDS = 30.0
# A first start migrates and seeds; on a loaded machine it took two and a half minutes.
READY_WITHIN, STOPPED_WITHIN = 300.0, 60.0


@dataclass(frozen=True, slots=True)
class ComparedSuite:
    """One of the two suites: its description and what a submission is measured with."""

    suite: Mapping[str, Any]
    bench: SubmissionBenchmark

    @property
    def processes(self) -> Mapping[str, int]:
        processes: Mapping[str, int] = self.suite["processes"]
        return processes


def main(ref: str, count: int) -> None:
    load_markets()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as opened:
        trees = (ROOT, check_out(ref))
        states = [Path(folder) / name for name in ("this", "other")]
        for tree, state in zip(trees, states, strict=True):
            with started(tree, state):
                pass  # migrated and seeded: the next start is a warm one
        suites = [opened.enter_context(started(tree, state)) for tree, state in zip(trees, states, strict=True)]
        print(f"This code beside {ref}; a ratio below 1: this code uses less.\n")
        _say("processor time of a warm start, s", *[start for _, start in suites])
        sides = [opened.enter_context(_side(suite)) for suite, _ in suites]
        _say("memory of all processes at rest (unique), MB", *[_unique_memory(side) for side in sides])
        _say(f"processor time at rest in {REST_SECONDS:.0f} s, s", *_rest(sides))
        for name, bodies in (("the same household", same_household), ("another each time", another_household)):
            _compare_searches(sides, name, bodies)
        for way in sides[0].bench.ways:
            _compare_submissions(sides, way, count)


def _compare_searches(
    sides: Sequence[ComparedSuite], name: str, bodies: Callable[[], Iterator[dict[str, Any]]]
) -> None:
    runs: list[list[SearchRun]] = [[], []]
    for _ in range(ROUNDS):
        for side, done in zip(sides, runs, strict=True):
            done.append(measure_searches(side.suite, side.bench.token, bodies()))
    costs = [median(sum(run.cost.values()) for run in done) for done in runs]
    _say(f"processor time of a plan search, {name}, ms", *[cost * 1e3 for cost in costs])
    for label, done in zip(("this", "other"), runs, strict=True):
        parts = {part: median(run.cost.get(part, 0.0) for run in done) * 1e3 for part in done[0].cost}
        said = ", ".join(f"{part} {ms:.2f}" for part, ms in parts.items() if ms >= 0.005)
        middle, late = (median(run.percentile(percent) for run in done) * 1e3 for percent in (50, 99))
        print(f"    {label}: {said}; p50 {middle:.0f} ms, p99 {late:.0f} ms, {late / middle:.1f} times as long")


def _compare_submissions(sides: Sequence[ComparedSuite], way: str, count: int) -> None:
    runs: list[list[BenchmarkRun]] = [[], []]
    for _ in range(ROUNDS):
        for side, done in zip(sides, runs, strict=True):
            done.append(side.bench.measure((), count, side.bench.ways[way]))
    for name, left_out in (("", ()), (" without typesetting", (TYPESETTING,))):
        costs = [median(sum(_parts(run, left_out).values()) for run in done) for done in runs]
        _say(f"processor time of a submission {way}{name}, ms", *[cost * 1e3 for cost in costs])
    _say(f"submissions a second {way}", *[median(run.rate for run in done) for done in runs])
    for name, done in zip(("this", "other"), runs, strict=True):
        parts = {part: median(run.cost.get(part, 0.0) for run in done) * 1e3 for part in done[0].cost}
        lost, failed = sum(run.lost for run in done), sum(run.failed for run in done)
        shown = ", ".join(f"{part} {ms:.0f}" for part, ms in parts.items())
        print(f"    {name}: {shown}; {lost} lost, {failed} attempts failed")


def _parts(run: BenchmarkRun, left_out: Sequence[str]) -> dict[str, float]:
    return {part: seconds for part, seconds in run.cost.items() if part not in left_out}


def _say(what: str, this: float, other: float) -> None:
    print(f"  {what}: {this:.1f} and {other:.1f}, ratio {this / other:.2f}", flush=True)


def _rest(sides: Sequence[ComparedSuite]) -> list[float]:
    before = [cpu_seconds(side.processes) for side in sides]
    time.sleep(REST_SECONDS)
    after = [cpu_seconds(side.processes) for side in sides]
    return [sum(now.values()) - sum(then.values()) for now, then in zip(after, before, strict=True)]


def _unique_memory(side: ComparedSuite) -> float:
    pids = side.processes.values()
    every = [process for pid in pids for process in tree(psutil.Process(pid), pids)]
    return sum(float(process.memory_full_info().uss) for process in every) / 1e6


@contextmanager
def _side(suite: Mapping[str, Any]) -> Iterator[ComparedSuite]:
    engine = create_engine(make_url(suite["database_urls"]["enrollment"]).set(drivername="postgresql+psycopg2"))
    with closing(EventWatcher(suite["amqp_url"], queue="benchmark.compare")) as watcher:
        yield ComparedSuite(suite, SubmissionBenchmark.of(suite, engine, watcher))
    engine.dispose()


def check_out(ref: str) -> Path:
    """The files of another commit with their own environment."""
    commit = subprocess.check_output(["git", "rev-parse", "--verify", f"{ref}^{{commit}}"], cwd=ROOT, text=True).strip()
    tree = ROOT / ".run" / "compared" / commit[:12]
    if not tree.exists():
        tree.mkdir(parents=True)
        archive = subprocess.check_output(["git", "archive", commit], cwd=ROOT)
        subprocess.run(["tar", "-x"], cwd=tree, input=archive, check=True)
    subprocess.run([sys.executable, "deploy/local/setup.py", "run"], cwd=tree, check=True)
    return tree


@contextmanager
def started(tree: Path, state: Path) -> Iterator[tuple[dict[str, Any], float]]:
    """The suite of a tree, and the processor seconds that it took to be ready."""
    env = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    env |= {"SUITE_STATE": str(state), "SUITE_TODAY": TODAY.isoformat(), "PORT": str(free_port())}
    command = [str(tree / ".venv" / "bin" / "python"), "-m", "deploy.local", "up"]
    described = state / "suite.json"
    described.unlink(missing_ok=True)
    launcher = subprocess.Popen(command, cwd=tree, env=env, stdout=subprocess.DEVNULL)
    try:
        give_up = time.monotonic() + READY_WITHIN
        while not described.exists():
            if launcher.poll() is not None or time.monotonic() > give_up:
                raise SystemExit(f"The suite in {tree} did not start; see {state / 'logs'}.")
            time.sleep(0.1)
        yield json.loads(described.read_text()), _used_so_far(launcher.pid)
    finally:
        launcher.terminate()
        launcher.wait(STOPPED_WITHIN)


def _used_so_far(launcher: int) -> float:
    """By the launcher and everything below it, preparations that have ended included."""
    leader = psutil.Process(launcher)
    times = [process.cpu_times() for process in (leader, *leader.children(recursive=True))]
    return float(sum(one.user + one.system + one.children_user + one.children_system for one in times))


if __name__ == "__main__":
    if len(sys.argv) < 2:
        raise SystemExit("Usage: python -m benchmarks.compare REF [COUNT]")
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else COUNT)
