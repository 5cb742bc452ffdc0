"""A soak: the suite works for half an hour with faults, and nothing that it holds may go on growing."""

from __future__ import annotations

import os
import random
import time
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import linear_regression, median

import psutil
from kombu import Connection
from rich.console import Console
from rich.table import Table
from sqlalchemy import text

from benchmarks.workers import process_tree
from chassis.bus.topology import EventQueue, count_ready
from deploy.local.demo.carrier import DemoCarrier
from deploy.local.processes import COMMANDS
from deploy.local.suite import LocalSuite
from portal.dead_letters import find_queues
from tests.bound_carrier import BoundCarrier
from tests.chaos.producers import Producers
from tests.chaos.storm_damage import Damage, find_damage
from tests.invariants import BrokenInvariant, connect, find_broken

# Those that go on to the end, and so show growth; each fault strikes one of the others, which work beside them.
WATCHED = ("gateway", "rpc", "worker", "relay", "page")
STRUCK = ("worker.2", "relay.2")
PROCESSES = {**COMMANDS, "worker.2": COMMANDS["worker"], "relay.2": COMMANDS["relay"]}
# Half of what one core does, so that what grows is not a backlog.
PRODUCERS, PAUSE = 2, 3.0
SAMPLE_EVERY = 10.0
MEMORY, FILES, CONNECTIONS, MESSAGES = "memory, MB", "open files", "connections", "messages in queues"
# What may be added from the first third after warming up to the last: memory is what allocators and caches with a bound
# of their own still take, the others what happens to be open at a moment.
ALLOWED = {MEMORY: 0.05, FILES: 0.05, CONNECTIONS: 0.05}
ALLOWED_AT_LEAST = {MEMORY: 4.0, FILES: 4.0, CONNECTIONS: 4.0, MESSAGES: 20.0}
# Caches fill and connections of pools are opened.
WARM_UP = 0.2
# A call whose answer was lost with its process is made again after half a minute.
REST_WITHIN = 180.0

Series = Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Trend:
    """Of what one process holds: medians of the first and the last third after warming up, and the slope an hour."""

    process: str
    what: str
    first: float
    last: float
    slope: float

    @property
    def grows(self) -> bool:
        allowed = max(self.first * ALLOWED.get(self.what, 0.0), ALLOWED_AT_LEAST[self.what])
        return self.last - self.first > allowed


def find_trend(process: str, what: str, series: Series) -> Trend:
    """``series``: seconds since the start, and what was held then."""
    warm = series[int(len(series) * WARM_UP) :]
    third = len(warm) // 3
    slope = linear_regression([at for at, _ in warm], [held for _, held in warm]).slope * 3600
    first, last = (median(held for _, held in part) for part in (warm[:third], warm[-third:]))
    return Trend(process, what, first, last, slope)


@dataclass(frozen=True, slots=True)
class SoakReport:
    seconds: float
    faults: int
    submitted: int
    failed: Sequence[str]
    trends: Sequence[Trend]
    damage: Damage
    broken: Sequence[BrokenInvariant]

    def print(self) -> None:
        console = Console(width=110)
        console.print(
            f"soak of {self.seconds / 60:.0f} minutes, {self.submitted} applications, {self.faults} faults, load "
            f"{os.getloadavg()[0]:.1f}; failed: {len(self.failed)}, lost: {len(self.damage.lost)}, repeated: "
            f"{len(self.damage.repeated)}, broken invariants: {len(self.broken)}"
        )
        table = Table("process", "what", "first third", "last third", "slope an hour", "grows")
        for trend in self.trends:
            numbers = (f"{trend.first:.1f}", f"{trend.last:.1f}", f"{trend.slope:+.1f}")
            table.add_row(trend.process, trend.what, *numbers, "yes" if trend.grows else "no")
        console.print(table)


class Soak:
    """``seconds`` of work with a fault every ``every`` seconds, drawn from ``seed``."""

    def __init__(self, state: Path, seconds: float, every: float, seed: int) -> None:
        self._suite = LocalSuite(state=state, commands=PROCESSES)
        self._seconds, self._every, self._draw = seconds, every, random.Random(seed)
        self._series: defaultdict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)

    def run(self) -> SoakReport:
        suite = self._suite
        suite.start()
        try:
            producers = Producers(suite.ports.portal_url, PRODUCERS, PAUSE)
            with closing(BoundCarrier(suite.broker.url, queue=f"soak.{uuid.uuid4()}")) as carrier:
                began = time.monotonic()
                producers.start()
                try:
                    faults = self._watch(began)
                finally:
                    producers.stop()
                damage = self._rest(producers.numbers, carrier)
            trends = [find_trend(process, what, series) for (process, what), series in sorted(self._series.items())]
            return SoakReport(
                time.monotonic() - began,
                faults,
                len(producers.numbers),
                producers.failed,
                trends,
                damage,
                find_broken(suite.databases),
            )
        finally:
            suite.stop()

    def _watch(self, began: float) -> int:
        faults, next_fault = 0, began + self._every
        queues = find_queues()
        while (now := time.monotonic()) < began + self._seconds:
            if now > next_fault:
                self._suite.kill(self._draw.choice(STRUCK))
                faults, next_fault = faults + 1, now + self._every
            for key, held in self._look(queues).items():
                self._series[key].append((now - began, held))
            time.sleep(SAMPLE_EVERY)
        return faults

    def _look(self, queues: Sequence[EventQueue]) -> Mapping[tuple[str, str], float]:
        held: dict[tuple[str, str], float] = {}
        pids = self._suite.processes
        for name in WATCHED:
            tree = [one for one in process_tree(psutil.Process(pids[name]), pids.values()) if one.is_running()]
            with suppress(psutil.NoSuchProcess):  # typesetting ends by itself and comes again
                held[name, MEMORY] = sum(one.memory_full_info().uss for one in tree) / 1e6
                held[name, FILES] = sum(one.num_fds() for one in tree)
                held[name, CONNECTIONS] = sum(len(one.net_connections("tcp")) for one in tree)
        broker = psutil.Process(pids["rabbitmq"])
        held["rabbitmq", CONNECTIONS] = len(broker.net_connections("tcp"))
        with connect(self._suite.databases["gateway"]) as connection:
            held["postgres", CONNECTIONS] = connection.scalar(text("select count(*) from pg_stat_activity")) or 0
        held["rabbitmq", MESSAGES] = self._count_messages(queues)
        return held

    def _count_messages(self, queues: Sequence[EventQueue]) -> int:
        with Connection(self._suite.broker.url) as connection:
            channel = connection.default_channel
            return sum(count_ready(channel, queue.name) for queue in queues)

    def _rest(self, numbers: Sequence[str], carrier: DemoCarrier) -> Damage:
        give_up = time.monotonic() + REST_WITHIN
        while True:
            damage = find_damage(self._suite.databases, numbers, {}, carrier)
            if not damage.lost or time.monotonic() > give_up:
                return damage
            time.sleep(2)
