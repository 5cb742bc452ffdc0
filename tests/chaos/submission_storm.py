"""A storm: applications are submitted to a real suite while its processes are killed, by a plan that is made before."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import time
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from google.protobuf.descriptor import MethodDescriptor
from rich.console import Console
from rich.table import Table
from sqlalchemy import create_engine, make_url, text
from suite.enrollment.v1 import enrollment_service_pb2 as pb

from chassis.identity import Caller, CallerKind, TokenIssuer, WritingNumber
from chassis.kernel import SystemClock, Unavailable, business_date
from chassis.rpc.client import RpcClient
from deploy.local.demo.api import Api
from deploy.local.demo.carrier import DemoCarrier, carrier_with_feed
from deploy.local.demo.journey import STATE, Journey
from deploy.local.keys import SERVICES
from deploy.local.processes import COMMANDS
from deploy.local.servers import amqp, postgres
from deploy.local.suite import LocalSuite
from deploy.local.waiting import is_ready, wait_until
from gateway.edge.rpcs import ENROLLMENT
from tests.chaos.storm_damage import Damage, count_failed_attempts, count_work, find_damage
from tests.invariants import BrokenInvariant, find_broken
from tests.ready_applications import copy_application

WORKERS = ("worker", "worker.2")
# Two workers, so that one goes on while the other is killed.
PROCESSES = {**COMMANDS, "worker.2": COMMANDS["worker"]}
# Every process of the suite; `prefork` takes all that it forked along.
VICTIMS = ("gateway", "rpc", "worker", "worker.2", "relay", "page", "sandbox", "prefork")
BROKER, DATABASE = "rabbitmq", "postgres"
# Each waits for its answer, as a person would.
PRODUCERS = 16
# So many submissions may begin beyond the place of a kill that still waits for its victim: there is work when it falls.
LEAD = 12
# The gateway's deadline for this call.
DEADLINE_SECONDS = 12.0
# Before an answer that did not come is asked for again.
PAUSE_SECONDS = 0.5
# A victim is killed only when it is back from its last time; a busy machine needs several times the usual ten seconds.
BACK_WITHIN = 90.0
# Nothing new for so long, with nothing unsent and nothing missing, is rest.
QUIET_SECONDS = 5.0
_PAY_LATER = """
update application set signatures = signatures || '{"payment_choice": "pay_later"}'
where record_number = any(:numbers) and number % 2 = 1
"""


@dataclass(frozen=True, slots=True)
class Kill:
    """``after``: how many submissions have begun by then."""

    after: int
    victim: str


def plan_kills(seed: int, submissions: int, kills: int, broker_kills: int, database_kills: int) -> tuple[Kill, ...]:
    """The same seed gives the same plan; ``kills`` are those of the suite's own processes."""
    draw = random.Random(seed)
    victims = [draw.choice(VICTIMS) for _ in range(kills)] + [BROKER] * broker_kills + [DATABASE] * database_kills
    return spread(seed, submissions, victims)


def spread(seed: int, submissions: int, victims: Sequence[str], first: int = 1) -> tuple[Kill, ...]:
    """In any order over the submissions, when ``first`` have begun or later."""
    draw = random.Random(seed)
    shuffled = draw.sample(list(victims), len(victims))
    places = sorted(draw.randrange(first, max(first + 1, submissions - LEAD)) for _ in victims)
    return tuple(Kill(place, victim) for place, victim in zip(places, shuffled, strict=True))


@dataclass(frozen=True, slots=True)
class StormReport:
    seed: int
    submissions: int
    # By process.
    kills: Mapping[str, int]
    # From the first submission to rest.
    seconds: float
    # Calls that were made again because no answer came, and deliveries that failed.
    repeated_calls: int
    failed_attempts: int
    load: float
    damage: Damage
    broken: Sequence[BrokenInvariant] = field(default_factory=tuple)

    def print(self) -> None:
        damage, struck = self.damage, ", ".join(f"{name} {times}" for name, times in sorted(self.kills.items()))
        table = Table("storm", "", title_justify="left", show_header=False)
        for what, value in (
            ("seed", self.seed),
            ("submissions", self.submissions),
            ("kills", f"{sum(self.kills.values())}: {struck}"),
            ("calls repeated, deliveries failed", f"{self.repeated_calls}, {self.failed_attempts}"),
            ("seconds to rest, submissions a second", f"{self.seconds:.0f}, {self.submissions / self.seconds:.1f}"),
            ("load of the machine", f"{self.load:.1f}"),
            *damage.rows(),
            ("broken invariants", len(self.broken)),
        ):
            table.add_row(what, str(value))
        Console(width=110).print(table)


class SubmissionStorm:
    """``patience``: seconds without anything new after which what is missing counts as lost."""

    producers = PRODUCERS
    lead = LEAD

    def __init__(self, suite: LocalSuite, seed: int, submissions: int, plan: Sequence[Kill], patience: float) -> None:
        self._suite, self._seed, self._plan, self._patience = suite, seed, plan, patience
        self._count = submissions
        self._begun = self._struck = self._repeated_calls = 0
        self._started: dict[str, str] = {}
        self._token = TokenIssuer(suite.keys["identity.gateway"])

    def run(self) -> StormReport:
        """Submit, kill, wait for rest, and count."""
        suite = self._suite
        caller, numbers = self._prepare()
        plan = ", ".join(f"{kill.victim} after {kill.after}" for kill in self._plan)
        Console(width=110).print(f"seed {self._seed}: {plan}")
        with carrier_with_feed(suite.broker.url, suite.databases, f"storm-{uuid.uuid4()}") as carrier:
            settle_broker(suite)
            began = time.monotonic()
            asyncio.run(self._submit_all(caller, numbers))
            suite.wait_ready()
            damage = self._rest(numbers, carrier)
            return StormReport(
                self._seed,
                len(numbers),
                Counter(kill.victim for kill in self._plan),
                time.monotonic() - began,
                self._repeated_calls,
                count_failed_attempts(suite.databases),
                os.getloadavg()[0],
                damage,
                find_broken(suite.databases),
            )

    def _prepare(self) -> tuple[Caller, list[str]]:
        with closing(Api(self._suite.ports.portal_url)) as api:
            caller, model = enroll_household(api)
        return caller, copy_ready(self._suite, model, self._count)

    @property
    def _rpc_address(self) -> str:
        return f"127.0.0.1:{self._suite.ports.rpc}"

    async def _submit_all(self, caller: Caller, numbers: Sequence[str]) -> None:
        client = RpcClient(self._rpc_address)
        waiting = list(reversed(numbers))
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._strike())
                for _ in range(self.producers):
                    tasks.create_task(self._produce(client, caller, waiting))
        finally:
            await client.close()

    async def _produce(self, client: RpcClient, caller: Caller, waiting: list[str]) -> None:
        """One after the other, each with a new application beside it."""
        while waiting:
            if self._struck < len(self._plan) and self._begun > self._plan[self._struck].after + self.lead:
                await asyncio.sleep(0.05)
                continue
            number = waiting.pop()
            self._begun += 1
            submit = pb.SubmitApplicationRequest(idempotency_key=str(uuid.uuid4()), record_number=number)
            await self._ask(client, caller, ENROLLMENT["SubmitApplication"], submit)
            key = str(uuid.uuid4())
            start = pb.StartApplicationRequest(idempotency_key=key, writing_number=caller.writing_numbers[0].number)
            answer = await self._ask(client, caller, ENROLLMENT["StartApplication"], start)
            self._started[key] = answer.application.record_number

    async def _ask(self, client: RpcClient, caller: Caller, method: MethodDescriptor, request: Any) -> Any:
        """Until there is an answer, each time with the same key."""
        while True:
            try:
                return await self._ask_once(client, caller, method, request)
            except Unavailable:
                self._repeated_calls += 1
                await asyncio.sleep(PAUSE_SECONDS)

    async def _ask_once(self, client: RpcClient, caller: Caller, method: MethodDescriptor, request: Any) -> Any:
        return await client.call(method, request, self._token.issue(caller), DEADLINE_SECONDS)

    async def _strike(self) -> None:
        for kill in self._plan:
            while self._begun < kill.after:
                await asyncio.sleep(0.02)
            await asyncio.to_thread(wait_until, partial(self._is_back, kill.victim), BACK_WITHIN)
            if not self._suite.supervisor.running(kill.victim):
                raise TimeoutError(f"{kill.victim} did not come back within {BACK_WITHIN:.0f} s")
            self._suite.kill(kill.victim)
            self._struck += 1

    def _is_back(self, name: str) -> bool:
        suite = self._suite
        if name in (BROKER, DATABASE):
            return (
                amqp.is_broker_up(suite.broker.url) if name == BROKER else postgres.is_postgres_up(suite.postgres.url)
            )
        ready = suite.ports.ready_urls().get(name)
        return is_ready(ready) if ready else suite.supervisor.running(name)

    def _rest(self, numbers: Sequence[str], carrier: DemoCarrier) -> Damage:
        before, since = (0, 0), time.monotonic()
        while True:
            work = count_work(self._suite.databases, carrier)
            if work != before:
                before, since = work, time.monotonic()
            quiet = time.monotonic() - since
            if quiet > QUIET_SECONDS and not work[0]:
                damage = find_damage(self._suite.databases, numbers, self._started, carrier)
                if not damage.lost or quiet > self._patience:
                    return damage
            elif quiet > self._patience:
                return find_damage(self._suite.databases, numbers, self._started, carrier)
            time.sleep(1)


def enroll_household(api: Api) -> tuple[Caller, str]:
    """A household that only has to be submitted: its producer and its record number."""
    journey = Journey(api, business_date(SystemClock().now(), STATE))
    journey.until_ready()
    mine = WritingNumber(journey.writing_number, STATE, "FRITZ, CALVIN C", "FRITZ, CALVIN C")
    return Caller(CallerKind.PRODUCER, "producer@example.com", (mine,)), journey.record_number


def copy_ready(suite: LocalSuite, model: str, count: int) -> list[str]:
    """Applications that are ready, one half to be paid now and one later."""
    engine = create_engine(make_url(suite.databases["enrollment"]).set(drivername="postgresql+psycopg2"))
    with engine.begin() as connection:
        numbers = copy_application(connection, model, count)
        connection.execute(text(_PAY_LATER), {"numbers": numbers})
    engine.dispose()
    return numbers


def settle_broker(suite: LocalSuite) -> None:
    """Have it stop in order and start again: a queue that is seconds old may find no leader after a power cut
    (docs/adr/0004).
    """
    pid = suite.processes[BROKER]
    os.kill(pid, signal.SIGTERM)
    if not wait_until(lambda: suite.processes[BROKER] != pid and amqp.is_broker_up(suite.broker.url), BACK_WITHIN):
        raise TimeoutError("the broker did not come back")
    suite.wait_ready()


def workers_without(mechanism: str) -> dict[str, tuple[str, ...]]:
    """The processes of a suite whose workers lack the inbox or the outbox."""
    command = ("tests.chaos.without", mechanism, "services", "worker", *SERVICES)
    return {**PROCESSES, **dict.fromkeys(WORKERS, command)}


def make_suite(state: Path, commands: Mapping[str, tuple[str, ...]] = PROCESSES) -> LocalSuite:
    """With servers of its own: they get killed."""
    return LocalSuite(state=state, commands=commands)
