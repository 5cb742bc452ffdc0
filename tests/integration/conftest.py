"""The servers and the whole suite for integration tests.

Where a Docker engine answers and images are there, RabbitMQ and PostgreSQL run in containers, otherwise as native
processes as in `make run`; TEST_SERVERS=native or containers decides it by hand. The top of pytest's output says which.
"""

import secrets
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from deploy.local.demo.api import Api
from deploy.local.demo.carrier import DemoCarrier, carrier_with_feed
from deploy.local.errors import LocalSuiteError
from deploy.local.servers import Server, amqp, broker, containers, databases, postgres
from deploy.local.suite import LocalSuite
from deploy.local.supervisor import Supervisor
from deploy.local.waiting import wait_until
from tests.sample_requests.records import CARRIER_GRANTS
from tests.servers import way

STARTED_WITHIN = 120.0
"""Seconds for both servers: 5 on an idle machine; more while a whole test run goes on beside."""


@dataclass(frozen=True)
class Servers:
    """The broker and the database server of this test run; `database_url` is an administrator's."""

    amqp_url: str
    database_url: str


@pytest.fixture(scope="session")
def amqp_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One RabbitMQ for the whole run."""
    with a_broker(tmp_path_factory) as server:
        yield server


@contextmanager
def a_broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    if way() == "containers":
        with containers.run_rabbitmq() as server:
            yield server
    else:
        state = tmp_path_factory.mktemp("rabbitmq")
        with native(broker.choose_broker(state, secrets.token_urlsafe(12), None), amqp.is_broker_up, state) as server:
            yield server


@pytest.fixture(scope="session")
def sql_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One PostgreSQL for the whole run; its URL is an administrator's."""
    if way() == "containers":
        with containers.database() as server:
            yield server
    else:
        state = tmp_path_factory.mktemp("postgres")
        with native(
            postgres.start_embedded(state, secrets.token_urlsafe(12)), postgres.is_postgres_up, state
        ) as server:
            yield server


@contextmanager
def native(server: Server, answers: Callable[[str], bool], state: Path) -> Iterator[Server]:
    """A server as a process of this machine, stopped at the end."""
    logs = state / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    supervisor = Supervisor(logs)
    try:
        supervisor.start(*server.children)
        if not wait_until(lambda: answers(server.url), STARTED_WITHIN):
            raise LocalSuiteError(f"{server.how} did not answer within {STARTED_WITHIN:.0f} s; see {logs}")
        yield server
    finally:
        supervisor.stop()


@pytest.fixture(scope="session")
def servers(amqp_server: Server, sql_server: Server) -> Servers:
    """Both servers of this run."""
    return Servers(amqp_server.url, sql_server.url)


@pytest.fixture
def database(sql_server: Server) -> Iterator[str]:
    """The URL of a fresh, empty database that only this test has."""
    name = f"test_{secrets.token_hex(6)}"
    yield databases.provide_databases(sql_server.url, {name: secrets.token_hex(12)}, prefix="")[name]
    databases.drop(sql_server.url, [name], prefix="")


@pytest.fixture(scope="session")
def suite(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalSuite]:
    """The whole suite on those servers, ready; tests may kill its processes, they come back."""
    folder = tmp_path_factory.mktemp("suite")
    grants = folder / "carrier_grants.yaml"
    grants.write_text(CARRIER_GRANTS)
    temporary = folder / "temporary"
    temporary.mkdir()
    with started(folder, servers, ENROLLMENT_CARRIER_GRANTS=str(grants), TMPDIR=str(temporary)) as running:
        yield running


@pytest.fixture(scope="module")
def api(suite: LocalSuite) -> Iterator[Api]:
    """The API, signed in as the demo's producer."""
    with signed_in(suite, "producer@example.com") as client:
        yield client


@pytest.fixture(scope="module")
def delegate(suite: LocalSuite) -> Iterator[Api]:
    with signed_in(suite, "delegate@example.com") as client:
        yield client


@contextmanager
def signed_in(suite: LocalSuite, email: str) -> Iterator[Api]:
    with closing(Api(suite.ports.portal_url)) as client:
        client.sign_in(email, "demo")
        yield client


@pytest.fixture
def carrier(suite: LocalSuite, request: pytest.FixtureRequest) -> Iterator[DemoCarrier]:
    """An outside system that hears every event, by a feed of its test module."""
    feed = request.module.__name__.rpartition(".")[2].replace("_", "-")
    with carrier_with_feed(suite.broker.url, suite.databases, feed) as listener:
        yield listener


@pytest.fixture(scope="session")
def new_years_eve(sql_server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalSuite]:
    """Another suite in which it is 31 December 2026."""
    with started_on("2026-12-31", sql_server, tmp_path_factory) as running:
        yield running


@contextmanager
def started_on(today: str, sql_server: Server, folders: pytest.TempPathFactory) -> Iterator[LocalSuite]:
    """Another suite, on that day; with a broker of its own, since all suites name queues alike."""
    with a_broker(folders) as own:
        servers = Servers(own.url, sql_server.url)
        with started(folders.mktemp(f"suite-{today}"), servers, SUITE_TODAY=today) as running:
            yield running


@contextmanager
def started(folder: Path, servers: Servers, **env: str) -> Iterator[LocalSuite]:
    prefix = f"suite_{secrets.token_hex(4)}_"
    running = LocalSuite(folder, amqp_url=servers.amqp_url, database_url=servers.database_url, env=env, prefix=prefix)
    running.start()
    try:
        yield running
    finally:
        running.stop()
