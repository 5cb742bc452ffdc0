"""The whole suite with a broker user for each service: its rights suffice for all that it does.

`make run` has all services in one process, which signs in as one user. Here each service has processes of its own, as
in a cluster. What the users may not is in `test_broker_rights.py`.
"""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace

import pytest

from chassis.bus import publish
from chassis.bus.topology import EventQueue
from chassis.kernel import SystemClock, business_date
from deploy.local.children import ProcessSpec
from deploy.local.demo.carrier import DemoCarrier
from deploy.local.demo.journey import Journey
from deploy.local.keys import OWNERS, SERVICES
from deploy.local.ports import free_port
from deploy.local.preparation import run_preparations
from deploy.local.processes import COMMANDS, HOST, ROOT
from deploy.local.servers import Server
from deploy.local.suite import LocalSuite
from deploy.local.waiting import is_ready, wait_until
from tests.integration.broker_users import ADMINISTRATOR, FEED, SUBSCRIBER, BrokerWithUsers, run_broker_with_users
from tests.integration.conftest import signed_in

# It starts a broker, and two or three processes for each service.
pytestmark = pytest.mark.timeout(600)
TODAY = business_date(SystemClock().now(), "IL")
SUBMITTED, SUCCEEDED = "enrollment.application.submitted.v1", "payment.payment.succeeded.v1"
RENDERED = "documents.application_pdf.rendered.v1"
QUEUE = EventQueue("documents", SUBMITTED)
# Five workers import their code at once: 20 on an idle machine with two cores.
READY_SECONDS = 180.0
PATIENCE_SECONDS = 60.0
# What `LocalSuite` has to start to be ready. It knows one address of the broker.
FIRST = {name: COMMANDS[name] for name in ("rpc", "sandbox", "page", "gateway")}
# Both ways to run relays (deploy/k8s/components/relay-by-service).
RELAYS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "one relay of all": {"relay": SERVICES},
    "a relay of each": {service: (service,) for service in SERVICES},
}


@dataclass(frozen=True)
class SeparateProcesses:
    """Processes of one service each, which sign in at the broker as its user."""

    suite: LocalSuite
    broker: BrokerWithUsers
    # Where each service answers calls.
    rpc: dict[str, int]

    def migrate(self) -> None:
        """Each as its own user, who has to be able to declare its queues."""
        of_services, of_gateway = self.suite.settings.preparations()[0]
        commands = [self._migration(of_services, service, ("services", "migrate", service)) for service in SERVICES]
        commands.append(self._migration(of_gateway, "gateway", ("gateway", "migrate")))
        run_preparations([[one] for one in commands], self.suite.state.logs)

    def _migration(self, spec: ProcessSpec, user: str, command: tuple[str, ...]) -> ProcessSpec:
        env = {**spec.env, "AMQP_URL": self.broker.addresses[user]}
        return replace(spec, name=f"migrate.{user}", argv=(sys.executable, "-m", *command), env=env)

    @contextmanager
    def running(self, commands: Mapping[str, tuple[str, tuple[str, ...]]]) -> Iterator[None]:
        """Processes by name, each with its user and command, from when they are ready to the end of the block."""
        addresses = [self._start(name, user, command) for name, (user, command) in commands.items()]
        try:
            assert wait_until(lambda: all(map(is_ready, addresses)), READY_SECONDS), addresses
            yield
        finally:
            for name in commands:
                self.suite.supervisor.retire(name)

    def _start(self, name: str, user: str, command: tuple[str, ...]) -> str:
        common = self.suite.settings
        ports = replace(common.ports, rpc=self.rpc.get(user, common.ports.rpc), health={name: free_port()})
        calls = {f"{service.upper()}_RPC_ADDRESS": f"{HOST}:{port}" for service, port in self.rpc.items()}
        own = replace(common, ports=ports, amqp_url=self.broker.addresses[user], extra={**common.extra, **calls})
        self.suite.supervisor.start(own.spec(name, command))
        return ports.ready_urls()[name]

    def relays(self, owners: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, tuple[str, ...]]]:
        """``owners``: the services of each relay, by its user."""
        return {f"relay.{user}": (user, ("chassis.relay", *served)) for user, served in owners.items()}

    def portal(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A command of the operator."""
        databases = {f"{service.upper()}_DATABASE_URL": self.suite.databases[service] for service in SERVICES}
        return subprocess.run(
            [sys.executable, "-m", "portal", *arguments],
            env={**os.environ, "SUITE_ENV": "local", "AMQP_URL": self.broker.addresses["operator"], **databases},
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrokerWithUsers]:
    with run_broker_with_users(tmp_path_factory.mktemp("broker")) as server:
        yield server


@pytest.fixture(scope="module")
def processes(
    broker: BrokerWithUsers, sql_server: Server, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SeparateProcesses]:
    """All but relays, ready."""
    suite = LocalSuite(
        tmp_path_factory.mktemp("suite"),
        amqp_url=broker.addresses[ADMINISTRATOR],
        database_url=sql_server.url,
        prefix=f"suite_{secrets.token_hex(4)}_",
        commands=FIRST,
    )
    suite.start()
    try:
        for name in ("gateway", "page", "rpc"):
            suite.supervisor.retire(name)
        separate = SeparateProcesses(suite, broker, {service: free_port() for service in SERVICES})
        commands: dict[str, tuple[str, tuple[str, ...]]] = {
            f"{kind}.{one}": (one, ("services", kind, one)) for kind in ("rpc", "worker") for one in SERVICES
        }
        commands |= {"page": ("payment", COMMANDS["page"]), "gateway": ("gateway", COMMANDS["gateway"])}
        with broker.refusing_nothing():
            separate.migrate()
        with separate.running(commands):
            yield separate
    finally:
        suite.stop()


@pytest.fixture
def carrier(processes: SeparateProcesses) -> Iterator[DemoCarrier]:
    """An outside subscriber, whose user reads its own feed alone; the operator adds and removes the feed."""
    added = processes.portal("feed", "add", SUBSCRIBER, "--event", "*")
    assert added.returncode == 0, added.stderr
    with closing(DemoCarrier(processes.broker.addresses[SUBSCRIBER], FEED.name)) as listener:
        yield listener
    removed = processes.portal("feed", "remove", SUBSCRIBER, "--discard")
    assert removed.returncode == 0, removed.stderr


@pytest.mark.parametrize("relays", RELAYS)
def test_an_application_is_quoted_submitted_paid_printed_and_heard_of(
    processes: SeparateProcesses, carrier: DemoCarrier, relays: str
) -> None:
    owners = RELAYS[relays]
    with (
        processes.broker.refusing_nothing(),
        processes.running(processes.relays(owners)),
        signed_in(processes.suite, "producer@example.com") as api,
    ):
        journey = Journey(api, TODAY)
        journey.until_ready()
        journey.submit()
        journey.pay()
        assert journey.fetch_pdf().startswith(b"%PDF")
        for event_type in (SUBMITTED, SUCCEEDED, RENDERED):
            carrier.wait_for(event_type, journey.record_number)
        assert processes.broker.list_connected() == {*OWNERS, *owners, SUBSCRIBER}


def test_an_operator_has_a_dead_letter_handled_again_and_drops_it(processes: SeparateProcesses) -> None:
    def letters() -> list[str]:
        listed = processes.portal("dlq", "list", QUEUE.name)
        assert listed.returncode in (0, 1), listed.stderr
        return [line for line in listed.stdout.splitlines() if "no-event" in line]

    with processes.broker.refusing_nothing():
        with publish.open_connection(processes.broker.addresses["operator"]) as connection:
            publish.ConfirmedPublisher(connection).to_queue(QUEUE.name, b"{", "no-event", {})
        assert wait_until(lambda: bool(letters()), PATIENCE_SECONDS)
        replayed = processes.portal("dlq", "replay", QUEUE.name, "no-event")
        assert replayed.stdout.endswith(f"{QUEUE.name}: 1 replayed.\n"), replayed.stderr  # after lines of the log
        assert wait_until(lambda: bool(letters()), PATIENCE_SECONDS)  # its consumer could make nothing of it again
        dropped = processes.portal("dlq", "drop", QUEUE.name, "no-event", "--reason", "a test")
        assert dropped.returncode == 0, dropped.stderr
        assert letters() == []


def test_a_process_with_the_user_of_another_service_is_refused(processes: SeparateProcesses) -> None:
    """The control: what a user lacks is seen."""
    before = len(processes.broker.list_refusals())
    processes._start("relay.wrong", "pcp", ("chassis.relay", "quote"))
    try:
        assert wait_until(lambda: len(processes.broker.list_refusals()) > before, PATIENCE_SECONDS)
    finally:
        processes.suite.supervisor.retire("relay.wrong")
    assert "'quote.events'" in processes.broker.list_refusals()[before]
