"""A restore: six databases go from dumps to another server, and the broker begins anew.

The processes are killed under load before, so that what is kept holds submissions that nobody finished, events that
nobody published, and events that lay in queues which are gone.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table
from suite.enrollment.v1 import enrollment_service_pb2 as pb

from chassis.bus.topology import FeedQueue
from chassis.db import Database
from chassis.feeds import Feeds
from chassis.identity import Caller
from chassis.relay import load_events
from chassis.rpc.client import RpcClient
from deploy.local.demo.carrier import DemoCarrier, ReceivedEvent
from deploy.local.keys import OWNERS, SERVICES, load_or_create_keys
from deploy.local.servers import Server, databases
from deploy.local.suite import LocalSuite
from gateway.edge.rpcs import ENROLLMENT
from tests.chaos import restored_servers as servers
from tests.chaos.storm_damage import Damage
from tests.chaos.submission_storm import SubmissionStorm
from tests.invariants import BrokenInvariant, find_broken

# Each waits for its answer, as a person would.
PRODUCERS = 8
# So long the workers stand still before everything ends: what was submitted meanwhile lies in queues.
PILE_UP_SECONDS = 4.0
FEED = FeedQueue("drill")
LAST_STEP = "the submissions that were not answered, and rest"
# Steps during which the suite takes submissions.
WHILE_OPEN = ("submissions", LAST_STEP)


@dataclass
class Submission:
    """One application on its way, with the keys of its two calls, which are repeated with the call."""

    number: str
    submit_key: str = field(default_factory=lambda: str(uuid.uuid4()))
    start_key: str = field(default_factory=lambda: str(uuid.uuid4()))
    # The record number of the application that was started beside it.
    started: str = ""


@dataclass(frozen=True, slots=True)
class DrillReport:
    """``kept``: bytes of the dumps. ``answered``, ``repeated``: submissions that were answered
    before the end, and asked for again after it.
    """

    steps: Mapping[str, float]
    kept: int
    answered: int
    repeated: int
    versions: tuple[str, str]
    load: float
    damage: Damage
    broken: Sequence[BrokenInvariant]

    def print(self) -> None:
        damage = self.damage
        table = Table("drill", "", title_justify="left", show_header=False)
        for step, seconds in self.steps.items():
            table.add_row(step, f"{seconds:.1f} s")
        closed = sum(seconds for step, seconds in self.steps.items() if step not in WHILE_OPEN)
        for what, value in (
            ("from the last submission to the next", f"{closed:.1f} s"),
            ("kept", f"{self.kept / 1e6:.0f} MB"),
            ("PostgreSQL before and after", " and ".join(self.versions)),
            ("submissions answered before, asked for after", f"{self.answered}, {self.repeated}"),
            ("load of the machine", f"{self.load:.1f}"),
            *damage.rows(),
            ("broken invariants", len(self.broken)),
        ):
            table.add_row(what, str(value))
        Console(width=110).print(table)


class InterruptedStorm(SubmissionStorm):
    """Submissions that stop in the middle, and go on at another suite with the same keys."""

    def __init__(self, suite: LocalSuite, count: int, patience: float) -> None:
        super().__init__(suite, 0, count, (), patience)

    def prepare(self) -> tuple[Caller, list[Submission]]:
        caller, numbers = self._prepare()
        return caller, [Submission(number) for number in numbers]

    async def submit(
        self, caller: Caller, submissions: Sequence[Submission], last: int, meanwhile: Callable[[], None] | None = None
    ) -> None:
        """Until so many are answered; then until ``meanwhile`` is over, whatever is on its way."""
        client = RpcClient(self._rpc_address)
        waiting = [one for one in reversed(submissions) if not one.started]
        try:
            producers = [asyncio.create_task(self._submit_each(client, caller, waiting)) for _ in range(PRODUCERS)]
            while sum(bool(one.started) for one in submissions) < last:
                await asyncio.sleep(0.05)
                for producer in producers:
                    if producer.done():
                        producer.result()
            if meanwhile:
                await asyncio.to_thread(meanwhile)
                for producer in producers:
                    producer.cancel()
            await asyncio.gather(*producers, return_exceptions=meanwhile is not None)
        finally:
            await client.close()

    async def _submit_each(self, client: RpcClient, caller: Caller, waiting: list[Submission]) -> None:
        while waiting:
            one = waiting.pop()
            submit = pb.SubmitApplicationRequest(idempotency_key=one.submit_key, record_number=one.number)
            await self._ask(client, caller, ENROLLMENT["SubmitApplication"], submit)
            number = caller.writing_numbers[0].number
            start = pb.StartApplicationRequest(idempotency_key=one.start_key, writing_number=number)
            answer = await self._ask(client, caller, ENROLLMENT["StartApplication"], start)
            one.started = answer.application.record_number

    def pile_up(self) -> None:
        """The workers stand still: what is submitted meanwhile lies in queues."""
        os.kill(self._suite.processes["worker"], signal.SIGSTOP)
        time.sleep(PILE_UP_SECONDS)

    def rest(self, submissions: Sequence[Submission], carrier: DemoCarrier) -> Damage:
        self._started = {one.start_key: one.started for one in submissions}
        return self._rest([one.number for one in submissions], carrier)


class RestoreDrill:
    """``patience``: seconds without anything new after which what is missing counts as lost. ``sends_again`` is step 5
    of the runbook; without it something has to be missing.
    """

    def __init__(self, folder: Path, submissions: int, patience: float, *, sends_again: bool = True) -> None:
        self._folder, self._count, self._patience, self._sends_again = folder, submissions, patience, sends_again
        self._steps: dict[str, float] = {}
        self._submissions: list[Submission] = []

    def run(self) -> DrillReport:
        with ExitStack() as stack:
            old = stack.enter_context(servers.database_server(self._folder / "old", newest=False))
            caller, answered, heard = self._submit_until_the_end(old)
            dumps = self._dump(old)
            with self._step("drop"):
                databases.drop(old.url, OWNERS, servers.PREFIX)
            new = stack.enter_context(servers.database_server(self._folder / "new", newest=True))
            keys = self._copy_keys()
            with self._step("restore"):
                owners = servers.restore(new.url, keys, dumps)
            versions = servers.version_of(old), servers.version_of(new)
            kept = sum(file.stat().st_size for file in dumps)
            return self._go_on(new, owners, caller, answered, heard, kept, versions)

    def _dump(self, database: Server) -> list[Path]:
        with self._step("dump"):
            return [servers.dump(database.url, owner, self._folder) for owner in OWNERS]

    def _submit_until_the_end(self, database: Server) -> tuple[Caller, int, list[ReceivedEvent]]:
        """Give who submitted, how many were answered, and what an outside subscriber heard."""
        with ExitStack() as stack:
            messages = stack.enter_context(servers.broker_server(self._folder / "old"))
            suite = stack.enter_context(suite_on(self._folder / "before", database, messages))
            add_feed(suite)
            storm = InterruptedStorm(suite, self._count, self._patience)
            caller, self._submissions = storm.prepare()
            with closing(DemoCarrier(messages.url, FEED.name)) as carrier, self._step("submissions"):
                last = max(1, self._count // 3)
                asyncio.run(storm.submit(caller, self._submissions, last, storm.pile_up))
                for name in ("worker", "gateway", "rpc", "relay", "page", "sandbox"):
                    suite.kill(name)
                heard = list(carrier.events)
        return caller, sum(bool(one.started) for one in self._submissions), heard

    def _go_on(
        self,
        database: Server,
        owners: Mapping[str, str],
        caller: Caller,
        answered: int,
        heard: Sequence[ReceivedEvent],
        kept: int,
        versions: tuple[str, str],
    ) -> DrillReport:
        if self._sends_again:
            with self._step("mark events to be sent again"):
                servers.mark_for_resending(owners)
        with ExitStack() as stack:
            with self._step("start a broker"):
                messages = stack.enter_context(servers.broker_server(self._folder / "new"))
            with self._step("migrate and start"):
                suite = stack.enter_context(suite_on(self._folder / "after", database, messages))
            carrier = stack.enter_context(closing(DemoCarrier(messages.url, FEED.name, list(heard))))
            repeated = sum(not one.started for one in self._submissions)
            storm = InterruptedStorm(suite, self._count, self._patience)
            with self._step(LAST_STEP):
                asyncio.run(storm.submit(caller, self._submissions, self._count))
                damage = storm.rest(self._submissions, carrier)
            broken = find_broken(suite.databases)
        return DrillReport(self._steps, kept, answered, repeated, versions, os.getloadavg()[0], damage, broken)

    def _copy_keys(self) -> dict[str, str]:
        """Without them nothing that is encrypted opens: they are part of what is kept."""
        target = self._folder / "after"
        target.mkdir()
        shutil.copy(self._folder / "before" / "keys.json", target)
        return load_or_create_keys(target / "keys.json")

    @contextmanager
    def _step(self, name: str) -> Iterator[None]:
        began = time.monotonic()
        yield
        self._steps[name] = time.monotonic() - began


@contextmanager
def suite_on(state: Path, database: Server, messages: Server) -> Iterator[LocalSuite]:
    suite = LocalSuite(state, amqp_url=messages.url, database_url=database.url, prefix=servers.PREFIX)
    suite.start()
    try:
        yield suite
    finally:
        suite.stop()


def add_feed(suite: LocalSuite) -> None:
    """As an operator does; it is restored with the databases."""
    with ExitStack() as stack:
        opened = {service: Database(suite.databases[service]) for service in SERVICES}
        for database in opened.values():
            stack.callback(database.close)
        every = [event_type for service in SERVICES for event_type in load_events(service)]
        Feeds(opened, suite.broker.url).add("drill", every)
