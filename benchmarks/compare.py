"""This code beside another commit, by turns: ``python -m benchmarks.compare REF [COUNT] [--workers N ...]``.

Both suites run at once on this machine, each with servers of its own, and are measured one after the other several
times; a ratio below 1 says that this code uses less. REF is checked out below ``.run/compared`` and keeps what set-up
installs there.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import psutil
from sqlalchemy import create_engine, make_url

from benchmarks import targets
from benchmarks.enrollment_samples import TODAY
from benchmarks.measurement import Measured, Target, print_targets
from benchmarks.searches import SearchRun, another_household, measure_searches, same_household
from benchmarks.submissions import BenchmarkRun, EventWatcher, SubmissionBenchmark
from benchmarks.targets import ANOTHER, OVER_HTTP, SAME, TARGETS, WAYS
from benchmarks.workers import ROOT, TYPESETTING, cpu_seconds, process_tree, workers
from chassis.settings import load_markets
from deploy.local.ports import free_port

COUNT = 60
# The first says what a submission costs; the goal of submissions a second is one for two.
WORKERS = (1, 2)
ROUNDS = 3
# Submissions one by one, on a suite that has nothing else to do.
SINGLES = 10
REST_SECONDS = 30.0
# The last of a start: pools that fill, timers that run for the first time.
SETTLES = 10.0
# A first start migrates and seeds; on a loaded machine it took two and a half minutes.
READY_WITHIN, STOPPED_WITHIN = 300.0, 60.0


@dataclass(frozen=True, slots=True)
class ComparedSuite:
    """One of the two suites: its code, its description and what a submission is measured with."""

    tree: Path
    suite: Mapping[str, Any]
    bench: SubmissionBenchmark

    @property
    def processes(self) -> Mapping[str, int]:
        processes: Mapping[str, int] = self.suite["processes"]
        return processes


def main(ref: str, count: int, numbers: Sequence[int]) -> None:
    load_markets()
    print(f"This code beside {ref}, {datetime.now(UTC):%Y-%m-%d}, load average {os.getloadavg()[0]:.1f}.\n")
    found: dict[Target, float] = {}
    with tempfile.TemporaryDirectory() as folder, ExitStack() as opened:
        trees = (ROOT, check_out(ref))
        print("A ratio below 1: this code uses less.")
        found |= _compare_rating(trees)
        states = [Path(folder) / name for name in ("this", "other")]
        for tree, state in zip(trees, states, strict=True):
            with started(tree, state):
                pass  # migrated and seeded: the next start is a warm one
        suites = [opened.enter_context(started(tree, state)) for tree, state in zip(trees, states, strict=True)]
        found[targets.WARM_START] = _say("processor time of a warm start, s", *[start for _, start in suites])
        processes = [suite["processes"] for suite, _ in suites]
        time.sleep(SETTLES)
        found[targets.REST] = _say(f"processor time at rest in {REST_SECONDS:.0f} s, s", *_rest(processes))
        found[targets.MEMORY_AT_REST] = _say(
            "memory of all processes at rest (unique), MB", *[_unique_memory(one) for one in processes]
        )
        sides = [opened.enter_context(_side(tree, suite)) for tree, (suite, _) in zip(trees, suites, strict=True)]
        _say("the same once a family is enrolled, MB", *[_unique_memory(one) for one in processes])
        found |= _compare_event_ways(sides)
        for name, bodies in ((SAME, same_household), (ANOTHER, another_household)):
            found |= _compare_searches(sides, name, bodies)
        for number in numbers:
            found = {**_compare_submissions(sides, number, count), **found}
    print_targets(TARGETS, found)
    print(f"\nAt the end load average {os.getloadavg()[0]:.1f}.")


def _compare_rating(trees: Sequence[Path]) -> Measured:
    """Each side has the same text run by its own code; the best of some rounds."""
    script = (ROOT / "benchmarks" / "rating_time.py").read_text()
    best = [(math.inf, math.inf)] * len(trees)
    for _ in range(ROUNDS):
        for side, tree in enumerate(trees):
            python = str(tree / ".venv" / "bin" / "python")
            household, census = json.loads(subprocess.check_output([python, "-c", script], cwd=tree, text=True))
            best[side] = min(best[side][0], household), min(best[side][1], census)
    (household, census), (household_before, census_before) = best
    return {
        targets.RATING_CORE_BEFORE: _say("rating of a household of four, us", household * 1e6, household_before * 1e6),
        targets.CENSUS_BEFORE: _say("census, ms", census * 1e3, census_before * 1e3),
    }


def _compare_event_ways(sides: Sequence[ComparedSuite]) -> Measured:
    ways: list[list[float]] = [[], []]
    for _ in range(SINGLES):
        for side, done in zip(sides, ways, strict=True):
            done.append(side.bench.measure((), 1, OVER_HTTP).event_way)
    this, other = (median(done) * 1e3 for done in ways)
    return {targets.EVENT_LATENCY: _say("way of an event from outbox to subscriber at rest, ms", this, other)}


def _compare_searches(
    sides: Sequence[ComparedSuite], name: str, bodies: Callable[[], Iterator[dict[str, Any]]]
) -> Measured:
    runs: list[list[SearchRun]] = [[], []]
    for _ in range(ROUNDS):
        for side, done in zip(sides, runs, strict=True):
            done.append(measure_searches(side.suite, side.bench.token, bodies()))
    this, other = (median(sum(run.cost.values()) for run in done) * 1e3 for done in runs)
    ratio = _say(f"processor time of a plan search, {name}, ms", this, other)
    for label, done in zip(("this", "other"), runs, strict=True):
        parts = {part: median(run.cost.get(part, 0.0) for run in done) * 1e3 for part in done[0].cost}
        said = ", ".join(f"{part} {ms:.2f}" for part, ms in parts.items() if ms >= 0.005)
        middle, late = (median(run.percentile(percent) for run in done) * 1e3 for percent in (50, 99))
        print(f"    {label}: {said}; p50 {middle:.0f} ms, p99 {late:.0f} ms, {late / middle:.1f} times as long")
    return {targets.SEARCH_COST[name]: ratio}


def _compare_submissions(sides: Sequence[ComparedSuite], number: int, count: int) -> Measured:
    """With ``number`` workers on each side."""
    found: dict[Target, float] = {}
    with ExitStack() as opened:
        more = [
            opened.enter_context(workers(side.processes["worker"], number - 1, side.suite["amqp_url"], side.tree))
            for side in sides
        ]
        for way in WAYS:
            runs: list[list[BenchmarkRun]] = [[], []]
            for _ in range(ROUNDS):
                for side, pids, done in zip(sides, more, runs, strict=True):
                    done.append(side.bench.measure(pids, count, way))
            found |= _say_submissions(runs, number, way)
    return found


def _say_submissions(runs: Sequence[Sequence[BenchmarkRun]], number: int, way: str) -> Measured:
    found: dict[Target, float] = {}
    said = f"{way}, {number} worker{'s' if number > 1 else ''}"
    for target, without, left_out in (
        (targets.SUBMISSION_COST[way], "", ()),
        (targets.COST_WITHOUT_PDF[way], " without typesetting", (TYPESETTING,)),
    ):
        this, other = (median(sum(_parts(run, left_out).values()) for run in done) * 1e3 for done in runs)
        found[target] = _say(f"processor time of a submission {said}{without}, ms", this, other)
    this, other = (median(run.rate for run in done) for done in runs)
    rate = _say(f"submissions a second {said}", this, other)
    if number == targets.RATED_WORKERS:
        found[targets.SUBMISSION_RATE[way]] = rate
    for name, done in zip(("this", "other"), runs, strict=True):
        parts = {part: median(run.cost.get(part, 0.0) for run in done) * 1e3 for part in done[0].cost}
        lost, failed = sum(run.lost for run in done), sum(run.failed for run in done)
        shown = ", ".join(f"{part} {ms:.0f}" for part, ms in parts.items())
        print(f"    {name}: {shown}; {lost} lost, {failed} attempts failed")
    return found


def _parts(run: BenchmarkRun, left_out: Sequence[str]) -> dict[str, float]:
    return {part: seconds for part, seconds in run.cost.items() if part not in left_out}


def _say(what: str, this: float, other: float) -> float:
    print(f"  {what}: {this:.1f} and {other:.1f}, ratio {this / other:.2f}", flush=True)
    return this / other


def _rest(suites: Sequence[Mapping[str, int]]) -> list[float]:
    before = [cpu_seconds(one) for one in suites]
    time.sleep(REST_SECONDS)
    after = [cpu_seconds(one) for one in suites]
    return [sum(now.values()) - sum(then.values()) for now, then in zip(after, before, strict=True)]


def _unique_memory(processes: Mapping[str, int]) -> float:
    pids = processes.values()
    every = [process for pid in pids for process in process_tree(psutil.Process(pid), pids)]
    return sum(float(process.memory_full_info().uss) for process in every) / 1e6


@contextmanager
def _side(tree: Path, suite: Mapping[str, Any]) -> Iterator[ComparedSuite]:
    engine = create_engine(make_url(suite["database_urls"]["enrollment"]).set(drivername="postgresql+psycopg2"))
    with closing(EventWatcher(suite["amqp_url"], queue="benchmark.compare")) as watcher:
        yield ComparedSuite(tree, suite, SubmissionBenchmark.of(suite, engine, watcher))
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
    parser = argparse.ArgumentParser(prog="python -m benchmarks.compare")
    parser.add_argument("ref", help="the other commit")
    parser.add_argument("count", nargs="?", type=int, default=COUNT, help="submissions of a round")
    parser.add_argument(
        "--workers", nargs="+", type=int, default=WORKERS, help="how many each side has, one after the other"
    )
    options = parser.parse_args()
    main(options.ref, options.count, options.workers)
