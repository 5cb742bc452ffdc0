"""A migrated, seeded database for the gateway's tests, and a portal on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from chassis.db import Database
from chassis.db.migrate import upgrade
from chassis.settings import SuiteSettings
from gateway.__main__ import MIGRATIONS
from gateway.seed import seed
from gateway.store.tables import metadata
from tests.integration.chassis.nodes import DatabaseNode
from tests.integration.gateway.harness import Portal, portal


@pytest.fixture(scope="session")
def gateway_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    node = DatabaseNode(Path(tmp_path_factory.mktemp("gateway-db")))
    url = node.create("gateway")
    database = Database(url)
    upgrade(database.engine, MIGRATIONS)
    database.close()
    yield url
    node.stop()


@pytest.fixture
def gateway_portal(gateway_url: str) -> Iterator[Portal]:
    database = Database(gateway_url)
    with database.engine.begin() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())
    seed(SuiteSettings(suite_env="test"), database)
    database.close()
    with portal(gateway_url) as running:
        yield running
