"""Submissions a second, from submit to the event that an outside subscriber sees, at 1, 2 and 4 workers.

``python -m benchmarks.submissions [COUNT] [--workers N ...] [--way WAY ...]``. Copies of one ready application are
submitted at full speed, first over HTTP as 16 producers would, then as a backlog that is there at once, which leaves
gateway and gRPC out. It needs a suite of its own or an idle one, and says which processes used the machine meanwhile.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import psutil
from rich.console import Console
from sqlalchemy import Engine, create_engine, make_url, text

from benchmarks import targets
from benchmarks.measurement import Measured, print_targets
from benchmarks.targets import AS_A_BACKLOG, OVER_HTTP, WAYS
from benchmarks.workers import cpu_seconds, workers
from chassis.kernel import SystemClock, business_date
from chassis.settings import load_markets
from deploy.local.demo.__main__ import running_suite
from deploy.local.demo.api import Api
from deploy.local.demo.journey import STATE, Journey
from tests.bound_carrier import BoundCarrier
from tests.ready_applications import copy_application

# The short form, part of `make bench`; enough that starting up and running empty weigh little.
COUNT = 60
WORKERS = (1, 2, 4)
# Each waits for the outcome of its submission, as a person would.
PRODUCERS = 16
# When nothing more has arrived for so long, what is missing is reported as lost. A handler's attempt that failed is
# tried again within seconds.
PATIENCE_SECONDS = 60.0
REQUESTED, SUBMITTED = "enrollment.submission.requested.v1", "enrollment.application.submitted.v1"
# The last of what a submission causes: only then is all of its cost known.
RENDERED = "documents.application_pdf.rendered.v1"


# Submits the applications with these numbers; gives when each was sent.
Submit = Callable[[Sequence[str]], dict[str, float]]


@dataclass
class EventWatcher(BoundCarrier):
    """An outside subscriber that notes when it saw which application submitted."""

    seen: dict[str, float] = field(default_factory=dict)
    printed: dict[str, float] = field(default_factory=dict)

    def _on_message(self, message: Any) -> None:
        noted = {SUBMITTED: self.seen, RENDERED: self.printed}.get(message.headers["cloudEvents:type"], {})
        noted.setdefault(message.headers["cloudEvents:subject"], time.time())
        message.channel.basic_ack(message.delivery_tag)

    def wait(self, numbers: Sequence[str]) -> None:
        """Until all are seen and their documents made, however many they are, or until nothing more arrives."""
        wanted, arrived, since = set(numbers), 0, time.monotonic()
        while not (self.seen.keys() >= wanted and self.printed.keys() >= wanted):
            if (now := len(self.seen) + len(self.printed)) > arrived:
                arrived, since = now, time.monotonic()
            elif time.monotonic() > since + PATIENCE_SECONDS:
                return
            time.sleep(0.02)


@dataclass(frozen=True, slots=True)
class BenchmarkRun:
    """``latencies`` and ``stages`` in seconds; ``cost``: processor seconds of one submission by part of the suite;
    ``failed``: attempts to handle an event that had to be repeated.

    What the suite would have used at rest meanwhile is part of it: a process that looks for work and finds some
    cannot be told from one that only looks.
    """

    rate: float
    latencies: list[float]
    lost: int
    failed: int
    cost: Mapping[str, float]
    # Of all cores together; the rest was other work's, or nobody's.
    busy: float
    stages: Mapping[str, float]

    @property
    def event_way(self) -> float:
        """From the moment an event is written to that in which an outside subscriber has it."""
        return self.stages["relay again"] + self.stages["to the subscriber"]

    @property
    def lines(self) -> tuple[str, str, str]:
        low, high = statistics.median(self.latencies), sorted(self.latencies)[int(len(self.latencies) * 0.99) - 1]
        total, cores = sum(self.cost.values()), psutil.cpu_count() or 1
        parts = ", ".join(f"{name} {seconds * 1e3:.0f}" for name, seconds in self.cost.items() if seconds > 0.0005)
        stages = ", ".join(f"{stage} {seconds * 1e3:.0f}" for stage, seconds in self.stages.items())
        return (
            f"{self.rate:6.1f}/s, p50 {low * 1e3:.0f} ms, p99 {high * 1e3:.0f} ms, {self.lost} lost, "
            f"{self.failed} attempts failed",
            f"processor time of one, in ms: {parts}; {total * 1e3:.0f} in all, so {cores} cores give at most "
            f"{cores / total:.0f}/s; the suite had {self.busy:.0%} of them",
            f"median way, in ms: {stages}",
        )


def submissions(count: int = COUNT, numbers: Sequence[int] = WORKERS, ways: Collection[str] = WAYS) -> Measured:
    load_markets()
    failed = 0
    with running_suite(Console(stderr=True)) as suite:
        watcher = EventWatcher(suite["amqp_url"], queue="benchmark.submissions")
        engine = create_engine(make_url(suite["database_urls"]["enrollment"]).set(drivername="postgresql+psycopg2"))
        with closing(watcher):
            bench = SubmissionBenchmark.of(suite, engine, watcher)
            print(f"Submissions a second, to the event that an outside subscriber sees, {count} each:")
            for number in numbers:
                with workers(suite["processes"]["worker"], number - 1, suite["amqp_url"]) as pids:
                    failed += sum(bench.report(number, pids, count, way).failed for way in ways)
        engine.dispose()
    asked = count >= targets.BACKLOG and AS_A_BACKLOG in ways
    return {targets.FAILED_ATTEMPTS: failed} if asked else {}


@dataclass(frozen=True, slots=True)
class SubmissionBenchmark:
    suite: Mapping[str, Any]
    engine: Engine
    watcher: EventWatcher
    token: str
    model: str

    @classmethod
    def of(cls, suite: Mapping[str, Any], engine: Engine, watcher: EventWatcher) -> SubmissionBenchmark:
        """Enroll the family whose application is copied."""
        with closing(Api(suite["portal_url"])) as api:
            journey = Journey(api, business_date(SystemClock(_day(suite)).now(), STATE))
            journey.until_ready()
            return cls(suite, engine, watcher, api.token, journey.record_number)

    def report(self, number: int, pids: Sequence[int], count: int, way: str) -> BenchmarkRun:
        run = self.measure(pids, count, way)
        first, *others = run.lines
        print(f"  {number} worker{'s' if number > 1 else ' '} {way:>12}: {first}", flush=True)
        for line in others:
            print(f"      {line}", flush=True)
        return run

    def measure(self, pids: Sequence[int], count: int, way: str) -> BenchmarkRun:
        submit: Submit = {OVER_HTTP: self._over_http, AS_A_BACKLOG: self._as_backlog}[way]
        with self.engine.begin() as connection:
            numbers = copy_application(connection, self.model, count)
        processes = {**self.suite["processes"], **{f"worker.{place}": pid for place, pid in enumerate(pids)}}
        failed = self._failed_attempts()
        before, started = cpu_seconds(processes), time.time()
        sent = submit(numbers)
        self.watcher.wait(numbers)
        seen = {number: self.watcher.seen[number] for number in numbers if number in self.watcher.seen}
        took, whole = max(seen.values(), default=time.time()) - started, time.time() - started
        used = {name: seconds - before.get(name, 0.0) for name, seconds in cpu_seconds(processes).items()}
        busy = sum(used.values()) / whole / (psutil.cpu_count() or 1)
        cost = {name: seconds / count for name, seconds in used.items()}
        latencies = [seen[number] - sent[number] for number in seen]
        failed = self._failed_attempts() - failed
        return BenchmarkRun(
            len(seen) / took, latencies, count - len(seen), failed, cost, busy, self._stages(sent, seen)
        )

    def _failed_attempts(self) -> int:
        """So far, by all services: each has a note in the service's database."""
        found = 0
        for url in self.suite["database_urls"].values():
            engine = create_engine(make_url(url).set(drivername="postgresql+psycopg2"))
            with engine.begin() as connection:
                found += connection.scalar(text("select coalesce(sum(attempt), 0) from forwarded_message")) or 0
            engine.dispose()
        return found

    def _over_http(self, numbers: Sequence[str]) -> dict[str, float]:
        sent: dict[str, float] = {}

        def produce(own: Sequence[str]) -> None:
            with closing(Api(self.suite["portal_url"])) as api:
                api.use(self.token)
                for number in own:
                    sent[number] = time.time()
                    api.post(f"/applications/{number}/submission")

        with ThreadPoolExecutor(PRODUCERS) as pool:
            list(pool.map(produce, [numbers[place::PRODUCERS] for place in range(PRODUCERS)]))
        return sent

    def _as_backlog(self, numbers: Sequence[str]) -> dict[str, float]:
        with self.engine.begin() as connection:
            connection.execute(text(_REQUEST), {"numbers": list(numbers), "type": REQUESTED})
        return dict.fromkeys(numbers, time.time())

    def _stages(self, sent: Mapping[str, float], seen: Mapping[str, float]) -> dict[str, float]:
        """Medians of the way's parts; the outbox keeps when an event was written and when it left."""
        with self.engine.begin() as connection:
            rows = connection.execute(text(_TIMES), {"numbers": list(seen), "types": [REQUESTED, SUBMITTED]}).all()
        times = {(row.subject, row.type): (row.written, row.left) for row in rows}
        parts = [
            (
                times[number, REQUESTED][0] - sent[number],
                times[number, REQUESTED][1] - times[number, REQUESTED][0],
                times[number, SUBMITTED][0] - times[number, REQUESTED][1],
                times[number, SUBMITTED][1] - times[number, SUBMITTED][0],
                seen[number] - times[number, SUBMITTED][1],
            )
            for number in seen
        ]
        names = ("accept", "relay", "queue and steps", "relay again", "to the subscriber")
        medians = [max(0.0, statistics.median(part)) for part in zip(*parts, strict=True)]
        return dict(zip(names, medians, strict=True))


_REQUEST = """
with asked as (
  update application set status = 'submitting', attempt = 1, requested_at = now(), updated_at = now(),
    version = version + 1
  where record_number = any(:numbers) returning record_number
)
insert into outbox (event_id, type, subject, body, headers)
select gen_random_uuid()::text, :type, record_number,
       convert_to(json_build_object('recordNumber', record_number, 'attempt', 1)::text, 'UTF8'), '{}'
from asked
"""
_TIMES = """
select subject, type, extract(epoch from created_at)::float as written, extract(epoch from sent_at)::float as left
from outbox where subject = any(:numbers) and type = any(:types)
"""


def _day(suite: Mapping[str, Any]) -> date | None:
    return date.fromisoformat(suite["today"]) if suite["today"] else None


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.submissions")
    parser.add_argument("count", nargs="?", type=int, default=COUNT)
    parser.add_argument("--workers", nargs="+", type=int, default=WORKERS)
    parser.add_argument("--way", nargs="+", choices=WAYS, default=WAYS)
    options = parser.parse_args()
    found = submissions(options.count, options.workers, options.way)
    if found:
        print_targets(found, found)
