"""Faults of the network, one after the other, under submissions to a real suite whose processes reach each other and
their servers by way of proxies.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from google.protobuf.descriptor import MethodDescriptor
from kombu import Connection
from rich.console import Console
from rich.table import Table
from suite.enrollment.v1 import application_pb2
from suite.enrollment.v1 import enrollment_service_pb2 as pb

from chassis.bus.topology import count_ready
from chassis.identity import Caller
from chassis.kernel import Unavailable
from chassis.rpc.client import RpcClient
from deploy.local.demo.api import Api
from deploy.local.keys import OWNERS, SERVICES, load_or_create_keys
from deploy.local.servers import databases, rabbitmq
from deploy.local.suite import LocalSuite
from deploy.local.waiting import is_ready
from portal.dead_letters import find_queues
from tests.bound_carrier import BoundCarrier
from tests.chaos.storm_damage import Damage, count_failed_attempts
from tests.chaos.submission_storm import Kill, SubmissionStorm, copy_ready, enroll_household
from tests.fault_proxy import HOST, FaultProxy, address_of
from tests.invariants import BrokenInvariant, find_broken
from tests.network_faults import Fault

RABBITMQ, POSTGRESQL, GRPC = LINKS = ("RabbitMQ", "PostgreSQL", "gRPC")
# How long a fault's end is waited for; what is not well by then is told as it is.
WELL_WITHIN = 120.0
LOOK_SECONDS = 0.05
# Of a page's reader.
PAGE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Trial:
    """A fault on one link for so many seconds, when ``after`` of ``submissions`` have begun."""

    fault: Fault
    link: str
    seconds: float
    submissions: int
    after: int


@dataclass(frozen=True, slots=True)
class ObservedCall:
    """``complete``: it was answered, and with the outcome where it asks for one."""

    began: float
    ended: float
    complete: bool


@dataclass(frozen=True, slots=True)
class TrialResult:
    trial: Trial
    numbers: Sequence[str]
    # From the end of the fault, in seconds.
    ready_after: float
    page_after: float
    answered_after: float
    slowest: float
    repeated_calls: int
    # Processes that ended, and were started again.
    restarts: int
    load: float

    @property
    def back_after(self) -> float:
        return max(self.ready_after, self.page_after, self.answered_after)


@dataclass(frozen=True, slots=True)
class NetworkReport:
    seed: int
    results: Sequence[TrialResult]
    # From the end of the last trial.
    seconds_to_rest: float
    failed_attempts: int
    dead_letters: int
    damage: Damage
    broken: Sequence[BrokenInvariant] = field(default_factory=tuple)

    def print(self) -> None:
        table = Table("fault", "link", "seconds", "submissions", "repeated calls", "back after s", "restarts", "load")
        for result in self.results:
            trial = result.trial
            parts = f"{result.ready_after:.1f} / {result.page_after:.1f} / {result.answered_after:.1f}"
            table.add_row(
                str(trial.fault),
                trial.link,
                f"{trial.seconds:g}",
                str(trial.submissions),
                str(result.repeated_calls),
                f"{result.back_after:.1f} ({parts}; slowest {result.slowest:.1f})",
                str(result.restarts),
                f"{result.load:.1f}",
            )
        console = Console(width=150)
        console.print(f"seed {self.seed}; back after: ready / page / submission")
        console.print(table)
        damage = self.damage
        console.print(
            f"at rest {self.seconds_to_rest:.0f} s after the last; {self.failed_attempts} deliveries failed, "
            f"{self.dead_letters} dead letters; lost {dict(damage.lost)}, repeated {dict(damage.repeated)}, "
            f"{len(damage.out_of_order)} out of order, {len(damage.numbers)} wrong record numbers, "
            f"{len(damage.amounts)} different amounts, {len(self.broken)} broken invariants"
        )


def seconds_until_answered(calls: Sequence[ObservedCall], ended: float) -> float:
    """From ``ended`` until a call was complete, and every one that began later was. Infinite when none was."""
    later = [call for call in calls if call.began >= ended]
    unanswered = max((call.ended for call in later if not call.complete), default=ended)
    complete = [call.ended for call in later if call.complete and call.ended >= unanswered]
    return min(complete) - ended if complete else float("inf")


@contextmanager
def proxied_suite(state: Path, seed: int, **env: str) -> Iterator[tuple[LocalSuite, Mapping[str, FaultProxy]]]:
    """A suite and the proxy of each link; the test itself goes around them to servers, and to gRPC as it likes."""
    state.mkdir(parents=True, exist_ok=True)
    keys = load_or_create_keys(state / "keys.json")
    suite: LocalSuite
    with (
        FaultProxy(lambda: address_of(suite.broker.url), seed) as broker,
        FaultProxy(lambda: address_of(suite.postgres.url), seed) as database,
        FaultProxy(lambda: (HOST, suite.ports.rpc), seed) as rpc,
    ):
        server = f"postgresql://{database.address}/"
        roles = {owner: f"suite_{owner}" for owner in OWNERS}
        ways = {
            "AMQP_URL": f"amqp://{rabbitmq.USER}:{keys['rabbitmq']}@{broker.address}/",
            **{
                f"{owner.upper()}_DATABASE_URL": databases.for_role(server, role, keys[f"database.{owner}"])
                for owner, role in roles.items()
            },
            **{f"{service.upper()}_RPC_ADDRESS": rpc.address for service in SERVICES},
        }
        suite = LocalSuite(state=state, env={**ways, **env})
        suite.start()
        try:
            yield suite, {RABBITMQ: broker, POSTGRESQL: database, GRPC: rpc}
        finally:
            suite.stop()


class NetworkStorm(SubmissionStorm):
    """Submissions over gRPC by way of its proxy; the fault of the trial falls among them."""

    producers = 6

    def __init__(
        self, suite: LocalSuite, proxies: Mapping[str, FaultProxy], seed: int, trials: Sequence[Trial], patience: float
    ) -> None:
        super().__init__(suite, seed, 0, (), patience)
        self._proxies, self._trials = proxies, trials
        self._calls: list[ObservedCall] = []
        self._trial = trials[0]
        self._ended = self._ready_after = self._page_after = 0.0

    def run_all(self) -> NetworkReport:
        """Every trial, then rest, then the count of damage over all of them."""
        with (
            closing(Api(self._suite.ports.portal_url, patience=WELL_WITHIN)) as api,
            closing(BoundCarrier(self._suite.broker.url, queue="network.all")) as carrier,
        ):
            caller, model = enroll_household(api)
            self._page = f"{self._suite.ports.portal_url}/api/v1/applications/{model}"
            self._headers = {"Authorization": f"Bearer {api.token}"}
            results = [self._try(trial, caller, model) for trial in self._trials]
            numbers = [number for result in results for number in result.numbers]
            began = time.monotonic()
            damage = self._rest(numbers, carrier)
            return NetworkReport(
                self._seed,
                results,
                time.monotonic() - began,
                count_failed_attempts(self._suite.databases),
                count_dead_letters(self._suite.broker.url),
                damage,
                find_broken(self._suite.databases),
            )

    def _try(self, trial: Trial, caller: Caller, model: str) -> TrialResult:
        numbers = copy_ready(self._suite, model, trial.submissions)
        self._trial, self._calls = trial, []
        # the rest of them begins when the fault is over
        self._plan, self.lead = (Kill(trial.after, trial.link),), (trial.submissions - trial.after) // 2
        self._begun = self._struck = self._repeated_calls = 0
        crashes = sum(self._suite.supervisor.crashes.values())
        asyncio.run(self._submit_all(caller, numbers))
        later = [call for call in self._calls if call.began >= self._ended]
        result = TrialResult(
            trial,
            numbers,
            self._ready_after,
            self._page_after,
            seconds_until_answered(self._calls, self._ended),
            max((call.ended - call.began for call in later), default=0.0),
            self._repeated_calls,
            sum(self._suite.supervisor.crashes.values()) - crashes,
            os.getloadavg()[0],
        )
        Console(width=150).print(f"{trial.fault} on {trial.link}: back after {result.back_after:.1f} s")
        return result

    @property
    def _rpc_address(self) -> str:
        return self._proxies[GRPC].address

    async def _strike(self) -> None:
        trial, proxy = self._trial, self._proxies[self._trial.link]
        while self._begun < trial.after:
            await asyncio.sleep(LOOK_SECONDS)
        await asyncio.to_thread(proxy.begin, trial.fault)
        await asyncio.sleep(trial.seconds)
        await asyncio.to_thread(proxy.end)
        self._ended = time.monotonic()
        self._struck += 1
        await asyncio.gather(asyncio.to_thread(self._await_ready), asyncio.to_thread(self._await_page))

    def _await_ready(self) -> None:
        """Until all processes are ready at once."""
        urls = self._suite.ports.ready_urls().values()
        while not all(map(is_ready, urls)) and time.monotonic() < self._ended + WELL_WITHIN:
            time.sleep(LOOK_SECONDS)
        self._ready_after = time.monotonic() - self._ended

    def _await_page(self) -> None:
        """Until the gateway answers with an application, which takes its session and a call."""
        while time.monotonic() < self._ended + WELL_WITHIN:
            try:
                if httpx.get(self._page, headers=self._headers, timeout=PAGE_SECONDS).status_code == 200:
                    break
            except httpx.TransportError:
                pass
            time.sleep(LOOK_SECONDS)
        self._page_after = time.monotonic() - self._ended

    async def _ask_once(self, client: RpcClient, caller: Caller, method: MethodDescriptor, request: Any) -> Any:
        began = time.monotonic()
        try:
            answer = await super()._ask_once(client, caller, method, request)
        except Unavailable:
            self._calls.append(ObservedCall(began, time.monotonic(), False))
            raise
        complete = not isinstance(request, pb.SubmitApplicationRequest) or (
            answer.application.status == application_pb2.APPLICATION_STATUS_SUBMITTED
        )
        self._calls.append(ObservedCall(began, time.monotonic(), complete))
        return answer


def count_dead_letters(amqp_url: str) -> int:
    """Of all queues of the suite."""
    with Connection(amqp_url) as connection, connection.channel() as channel:
        return sum(count_ready(channel, queue.dead.name) for queue in find_queues())
