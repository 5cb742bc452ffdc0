"""A migrated, seeded database for the gateway's tests, and a portal on it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from chassis.db import Database
from chassis.db.migrate import upgrade
from chassis.settings import SuiteSettings
from deploy.local.children import Child
from deploy.local.servers import databases, postgres
from gateway.__main__ import MIGRATIONS
from gateway.seed import seed
from gateway.store.tables import notifications, seen_events, sessions, sign_in_attempts
from tests.integration.gateway.harness import Portal, portal


@pytest.fixture(scope="session")
def gateway_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    state = Path(tmp_path_factory.mktemp("gateway-db"))
    server = postgres.embedded(state, "test")
    child = Child(server.children[0], state)
    try:
        yield _prepared(server.url)
    finally:
        child.ask_to_stop()
        child.end()


def _prepared(admin_url: str) -> str:
    while not postgres.answers(admin_url):
        time.sleep(0.1)
    url = databases.provide(admin_url, {"gateway": "test"})["gateway"]
    database = Database(url)
    upgrade(database.engine, MIGRATIONS)
    database.close()
    return url


@pytest.fixture(scope="session")
def one_portal(gateway_url: str) -> Iterator[Portal]:
    database = Database(gateway_url)
    seed(SuiteSettings(suite_env="test"), database)
    database.close()
    with portal(gateway_url) as running:
        yield running


@pytest.fixture
def gateway_portal(one_portal: Portal, gateway_url: str) -> Portal:
    """The portal as it was at first: nobody signed in, nothing heard, services without answers."""
    database = Database(gateway_url)
    with database.engine.begin() as connection:
        for table in (sessions, sign_in_attempts, notifications, seen_events):
            connection.execute(table.delete())
    database.close()
    one_portal.client.cookies.clear()
    one_portal.behind.answers.clear()
    one_portal.behind.asked.clear()
    return one_portal
