"""A provider directory of a million offices in 10 networks: ``python -m benchmarks.directory [--plans] [OFFICES]``.

A fresh PostgreSQL with its usual settings. Import and search are taken beside what they were before
(``directory_baseline``), in one run. ``--plans`` prints the plan of docs/reference/query-plans.md.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from random import Random
from statistics import mean, median, quantiles
from typing import Any

from sqlalchemy import event, text

import services.pcp.__main__ as pcp
from benchmarks import targets
from benchmarks.directory_baseline import FILL, SEARCH
from benchmarks.directory_sample import NETWORKS, STATES, YEARS, plan_id, read_places, write_directory
from benchmarks.enrollment import fresh_database
from benchmarks.measurement import Measured, print_targets
from chassis.db import Database
from chassis.kernel import SystemClock
from chassis.settings import load_markets
from services.pcp.directory.cities import ListedCities
from services.pcp.directory.distances import read_distances
from services.pcp.domain.assignment import PcpSelection
from services.pcp.domain.network import GeoPoint, PlanNetwork
from services.pcp.events.outgoing import event_to_proto
from services.pcp.store.work import UnitOfWork, make_transactions
from services.pcp.usecases.assign_providers import AssignmentRequest, AssignProviders
from services.pcp.usecases.ports import ProviderFilter
from services.pcp.usecases.search_providers import MOST_COUNTED, SearchProviders

OFFICES = 1_000_000
# What was before reads its file whole, and a million entries do not fit: so much of the file says how fast it was.
BASELINE_SHARE = 20
CALLS, BASELINE_CALLS, ASSIGNMENTS = 400, 40, 100
TURNS = 5
PAGE = 20
# A hundred providers in each network.
SMALL = NETWORKS * 100
# Nobody chose a provider, so each is assigned one.
FAMILY = tuple(PcpSelection(place, age) for place, age in enumerate((34, 32, 7, 5)))
OPEN = ProviderFilter(accepting_only=True, radius_miles=25)
SEARCHES = {
    "25 miles, new patients": OPEN,
    "25 miles, everybody": ProviderFilter(radius_miles=25),
    "25 miles, for a child, by language": replace(OPEN, age=7, language="Spanish"),
    "25 miles, by a part of the name": replace(OPEN, name="quin"),
    "any distance, new patients": replace(OPEN, radius_miles=0),
}


def main() -> None:
    load_markets()
    numbers = [int(word) for word in sys.argv[1:] if word.isdecimal()]
    offices = numbers[0] if numbers else OFFICES
    with (
        tempfile.TemporaryDirectory() as folder,
        fresh_database(pcp.SERVICE.migrations) as database,
        fresh_database(pcp.SERVICE.migrations) as small,
    ):
        path = Path(folder) / "providers.json"
        found = {**imports(database, path, offices), **searches(database)}
        write_directory(path, SMALL)
        _run(small, "services.pcp", "import", str(path), "--rejects", f"{path}.rejects")
        found |= assignments({SMALL: small, offices: database})
        if "--plans" in sys.argv:
            print_plan(database)
        print_targets(found, found)


def imports(database: Database, path: Path, offices: int) -> Measured:
    part = offices // BASELINE_SHARE
    write_directory(path, part)
    before = _run(database, "benchmarks.directory_baseline", str(path))
    write_directory(path, offices)
    now = _run(database, "services.pcp", "import", str(path), "--rejects", f"{path}.rejects")
    print(f"Import of {path.stat().st_size / 1e9:.1f} GB, {offices:,} entries (before: {part:,}):")
    for name, run, entries in (("before", before, part), ("now", now, offices)):
        speed = f"{entries / run.wall:9,.0f} entries a second, {entries / run.processor:9,.0f} a second of processor"
        print(f"  {name:<8} {run.wall:7.1f} s, {speed}, peak memory {run.peak_mb:,} MB")
    ratio = (offices / now.wall) / (part / before.wall)
    print(f"  {ratio:.1f} times as many entries a second", flush=True)
    return {targets.DIRECTORY_IMPORT: ratio, targets.DIRECTORY_MEMORY: now.peak_mb}


@dataclass(frozen=True)
class Run:
    wall: float
    processor: float
    peak_mb: int


def _run(database: Database, module: str, *arguments: str) -> Run:
    url = database.engine.url.render_as_string(hide_password=False)
    started = time.monotonic()
    child = subprocess.Popen(
        [sys.executable, "-m", module, *arguments], env=os.environ | {"PCP_DATABASE_URL": url}, stderr=subprocess.PIPE
    )
    with closing(child.stderr) as told:  # type: ignore[type-var]  # a pipe was asked for
        words = told.read().decode() if told else ""
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(words)
    return Run(time.monotonic() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss // 1024)


def searches(database: Database) -> Measured:
    transactions = make_transactions(database, event_to_proto)
    random = Random(5)
    with database.transaction() as session:
        session.execute(text("set local statement_timeout = 0"))
        session.execute(text("truncate baseline_member, baseline_provider"))
        for statement in FILL.split(";"):
            session.execute(text(statement))
        # as people do: where there are many doctors, there are many who look for one
        homes = session.execute(text("select plan_list, zip from location tablesample system (1) limit 20000")).all()
        points = {row.zip: (row.latitude, row.longitude) for row in session.execute(text("select * from zip_spot"))}
        lists = {
            number: row.plan_id
            for row in session.execute(
                text("select plan_id, plan_lists from network where plan_year = 2026 and plan_id like '%000'")
            )
            for number in row.plan_lists
        }
    search = SearchProviders(transactions, SystemClock(), ListedCities())

    def asked() -> tuple[str, str]:
        home = random.choice(homes)
        return lists[home.plan_list], home.zip

    def before() -> None:
        plan, zip_code = asked()
        _search_before(database, plan, points[zip_code], PAGE + 1)

    print(
        f"Search, {NETWORKS} networks, {CALLS} calls each, in ms: p50, p99 (goal {targets.DIRECTORY_LATE.goal:g}), "
        "processor time, its p99:"
    )
    baseline = _measure(database, "before: 25 miles, new patients, no total", before, BASELINE_CALLS)
    found: dict[str, Cost] = {}
    for name, criteria in SEARCHES.items():

        def call(criteria: ProviderFilter = criteria) -> None:
            plan, zip_code = asked()
            search(PlanNetwork.of_plan(plan, YEARS[0]), zip_code, criteria, PAGE)

        found[name] = _measure(database, name, call, CALLS)
    ratio = baseline.processor / found["25 miles, new patients"].processor
    print(f"  new patients: {ratio:.1f} times less processor time than before")
    _compare(transactions, database, asked, points)
    late = max(cost.p99 for name, cost in found.items() if SEARCHES[name].radius_miles)
    return {targets.DIRECTORY_SEARCH: ratio, targets.DIRECTORY_LATE: late}


def _search_before(database: Database, plan: str, point: tuple[float, float], size: int) -> list[tuple[str, int]]:
    """PCP ids with tenths of a mile: new patients, within 25 miles."""
    latitude, longitude = point
    asked = {"plan_id": plan, "plan_year": YEARS[0], "latitude": latitude, "longitude": longitude}
    with database.transaction() as session:
        rows = session.execute(text(SEARCH), asked | {"tenths": 250, "size": size}).all()
    return [(row.pcp_id, row.tenth_miles) for row in rows]


def _compare(
    transactions: Any, database: Database, asked: Callable[[], tuple[str, str]], points: dict[str, tuple[float, float]]
) -> None:
    """Both shapes find the same."""
    for _ in range(30):
        plan, zip_code = asked()
        with transactions() as work:
            point, network = GeoPoint(*points[zip_code]), PlanNetwork(plan, YEARS[0])
            found = work.providers.find_nearest(network, point, OPEN, PAGE).providers
        theirs = _search_before(database, plan, points[zip_code], PAGE)
        ours = [(one.provider.pcp_id, one.tenth_miles) for one in found]
        if ours != sorted(theirs, key=lambda one: (one[1], one[0])):
            raise SystemExit(f"The two shapes of the search differ for {plan} at {zip_code}.")
    print("  30 of 30 answers are those of before", flush=True)


def assignments(databases: dict[int, Database]) -> Measured:
    """Each directory in turns, by its offices."""
    print("Assignment to a family of four, who chose nobody:")
    spent: dict[int, list[float]] = {offices: [] for offices in databases}
    for turn in range(TURNS):
        for offices, database in databases.items():
            name = f"{offices // NETWORKS:,} providers a network"
            spent[offices].append(_measure(database, name, _assign_family(database, turn), ASSIGNMENTS).processor)
    few, many = (median(found) for found in spent.values())
    print(f"  {many / few:.2f} times the processor time of the small directory", flush=True)
    return {targets.ASSIGNMENT: many / few}


def _assign_family(database: Database, turn: int) -> Callable[[], None]:
    """Wherever people live, the nearest provider for each; a turn has its own homes."""
    random, places, numbers = Random(turn), read_places(), count()
    assign = AssignProviders(make_transactions(database, event_to_proto), SystemClock(), read_distances())

    def call() -> None:
        network = random.randrange(NETWORKS)
        ((zip_code, _),) = random.choices(*places[STATES[network % len(STATES)]])
        record_number = f"{turn}-{next(numbers)}"
        assign(AssignmentRequest(record_number, plan_id(network, 0), YEARS[0], zip_code, FAMILY))

    return call


def print_plan(database: Database) -> None:
    transactions = make_transactions(database, event_to_proto)

    def explain(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if "asin" in statement:
            with closing(work.session.connection().connection.cursor()) as cursor:
                cursor.execute(f"explain (analyze, buffers, costs off) {statement}", parameters)
                print("\n".join(line for (line,) in cursor.fetchall()))

    with transactions() as opened:
        work: UnitOfWork = opened
        event.listen(work.session.get_bind(), "before_cursor_execute", explain)
        network = PlanNetwork.of_plan(plan_id(0, 0), YEARS[0])
        point = GeoPoint(41.8865, -87.6233)
        work.providers.find_nearest(network, point, OPEN, PAGE + 1, most_counted=MOST_COUNTED + 1)
        event.remove(work.session.get_bind(), "before_cursor_execute", explain)


@dataclass(frozen=True)
class Cost:
    """Of one call, in ms."""

    processor: float
    p99: float


def _measure(database: Database, name: str, call: Callable[[], None], calls: int) -> Cost:
    """Wall time of each call, and its processor time here and in the database's process."""
    with database.transaction() as session:
        backend = session.connection().exec_driver_sql("select pg_backend_pid()").scalar_one()
    for _ in range(5):
        call()
    times, spent = [], []
    for _ in range(calls):
        before, started = _processor(backend), time.perf_counter()
        call()
        times.append((time.perf_counter() - started) * 1e3)
        spent.append((_processor(backend) - before) * 1e3)
    cuts, processor = quantiles(times, n=100), quantiles(spent, n=100)
    missed = "  <- missed" if calls == CALLS and not targets.DIRECTORY_LATE.is_met_by(cuts[98]) else ""
    print(f"  {name:<44} {cuts[49]:7.1f} {cuts[98]:7.1f} {mean(spent):7.1f} {processor[98]:7.1f}{missed}", flush=True)
    return Cost(mean(spent), cuts[98])


def _processor(backend: int) -> float:
    """Seconds, of Linux's scheduler: it counts nanoseconds, where `ps` tells hundredths of a second."""
    scheduled = Path(f"/proc/{backend}/schedstat").read_text().split()[0]
    return time.process_time() + int(scheduled) / 1e9


if __name__ == "__main__":
    main()
