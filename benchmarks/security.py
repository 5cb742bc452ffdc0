"""What audit, TLS and limits of requests cost: ``python -m benchmarks.security [COUNT] [--workers N]``.

Two suites run at once on this machine, each with servers of its own, and are measured one after the other several
times: one with audit, TLS to services, broker and database, and limits of requests; one without all three. It needs
wrk and a PostgreSQL that speaks TLS (Debian: ``apt-get install wrk postgresql``).
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median

from sqlalchemy import create_engine, make_url

from benchmarks import targets
from benchmarks.enrollment_samples import TODAY
from benchmarks.http import OTHER_BODIES, SAME_BODY, run_wrk
from benchmarks.measurement import Target, print_targets
from benchmarks.submissions import EventWatcher, SubmissionBenchmark
from benchmarks.targets import ANOTHER, SAME, WAYS
from chassis.settings import load_markets
from deploy.local.processes import COMMANDS
from deploy.local.suite import LocalSuite
from tests.integration.chassis.certificates import HERE, Authority
from tests.integration.chassis.tls_nodes import TlsBroker, TlsDatabase, find_packaged_programs

COUNT, WORKERS, ROUNDS = 60, 2, 5
# Counted for every request, and never reached: the sixteen connections of one person send some hundred a second.
ENOUGH = "100000000"


@dataclass(frozen=True, slots=True)
class ComparedSuite:
    portal_url: str
    bench: SubmissionBenchmark

    def search_plans(self, bodies: str) -> float:
        """A second."""
        return run_wrk(f"{self.portal_url}/api/v1/plan-searches", self.bench.token, bodies)["rate"]

    def submit(self, count: int, way: str) -> float:
        """A second."""
        return self.bench.measure((), count, way).rate


def main(count: int, number: int) -> None:
    load_markets()
    if not shutil.which("wrk"):
        raise SystemExit("Not measured: wrk is missing (Debian: sudo apt-get install wrk)")
    print(f"Audit, TLS and limits, {datetime.now(UTC):%Y-%m-%d}, load average {os.getloadavg()[0]:.1f}.\n")
    found: dict[Target, float] = {}
    with tempfile.TemporaryDirectory() as folder, ExitStack() as opened:
        states = [Path(folder) / name for name in ("with", "without")]
        sides = [opened.enter_context(_side(state, state.name == "with", number)) for state in states]
        print(
            f"A second, with and without, the middle of {ROUNDS} rounds by turns; what a ratio lacks to 1 is the cost."
        )
        for household, script in ((SAME, SAME_BODY), (ANOTHER, OTHER_BODIES)):
            search = partial(ComparedSuite.search_plans, bodies=script)
            found[targets.PROTECTED_SEARCHES[household]] = _compare(f"plan searches, {household}", sides, search)
        for way in WAYS:
            submit = partial(ComparedSuite.submit, count=count, way=way)
            name = f"submissions {way}, {number} workers"
            found[targets.PROTECTED_SUBMISSIONS[way]] = _compare(name, sides, submit)
    print_targets(found, found)
    print(f"\nAt the end load average {os.getloadavg()[0]:.1f}.")


def _compare(what: str, sides: Sequence[ComparedSuite], measure: Callable[[ComparedSuite], float]) -> float:
    rounds = [[measure(side) for side in sides] for _ in range(ROUNDS)]
    ratios = sorted(protected / bare for protected, bare in rounds)
    protected, bare = (median(one[place] for one in rounds) for place in (0, 1))
    middle = median(ratios)
    print(
        f"  {what}: {protected:.1f} and {bare:.1f}, ratio {middle:.2f} ({ratios[0]:.2f}-{ratios[-1]:.2f})", flush=True
    )
    return middle


@contextmanager
def _side(state: Path, is_protected: bool, number: int) -> Iterator[ComparedSuite]:
    with ExitStack() as opened:
        suite, amqp_url = opened.enter_context(_running(state, is_protected, number))
        described = json.loads((suite.state.folder / "suite.json").read_text())
        url = make_url(described["database_urls"]["enrollment"]).set(drivername="postgresql+psycopg2")
        engine = create_engine(url)
        opened.callback(engine.dispose)
        watcher = opened.enter_context(closing(EventWatcher(amqp_url, queue="benchmark.security")))
        bench = SubmissionBenchmark.of(described, engine, watcher)
        yield ComparedSuite(described["portal_url"], bench)


@contextmanager
def _running(state: Path, is_protected: bool, number: int) -> Iterator[tuple[LocalSuite, str]]:
    """The suite, and the address of its broker without TLS, which the benchmark itself takes."""
    commands = {**COMMANDS, **{f"worker.{place}": COMMANDS["worker"] for place in range(2, number + 1)}}
    (state / "certificates").mkdir(parents=True)
    authority = Authority(state / "certificates")
    programs = find_packaged_programs(state / "setup.log")
    if programs is None:
        raise SystemExit("Not measured: PostgreSQL with TLS is missing (Debian: sudo apt-get install postgresql)")
    with ExitStack() as opened:
        broker = TlsBroker(state / "broker", authority)
        opened.callback(broker.stop)
        broker.start()
        database = TlsDatabase(state / "database", authority, programs)
        opened.callback(database.stop)
        options = f"sslmode=verify-full&sslrootcert={authority.ca}" if is_protected else "sslmode=disable"
        suite = LocalSuite(
            state / "suite",
            amqp_url=broker.tls_url if is_protected else broker.amqp_url,
            database_url=database.address(options),
            env={"SUITE_TODAY": TODAY.isoformat(), **(_protect(authority) if is_protected else {"RATE_LIMITS": "no"})},
            commands=commands if is_protected else {name: _without_audit(run) for name, run in commands.items()},
        )
        opened.callback(suite.stop)
        suite.start()
        yield suite, broker.amqp_url


def _protect(authority: Authority) -> dict[str, str]:
    """One certificate for all processes: they run on one machine here."""
    files = authority.issue(names=(*HERE, "gateway"))
    return {
        "RPC_TLS_CA_FILE": str(authority.ca),
        "RPC_TLS_CERTIFICATE_FILE": str(files.certificate),
        "RPC_TLS_KEY_FILE": str(files.key),
        "RATE_LIMITS": "yes",
        **{f"RATE_LIMIT_{kind}": ENOUGH for kind in ("READS", "CHANGES", "FILES", "VISITORS")},
    }


def _without_audit(command: tuple[str, ...]) -> tuple[str, ...]:
    return ("tests.chaos.without", "audit", *command)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.security")
    parser.add_argument("count", nargs="?", type=int, default=COUNT, help="submissions of a round")
    parser.add_argument("--workers", type=int, default=WORKERS, help="how many each side has")
    options = parser.parse_args()
    main(options.count, options.workers)
