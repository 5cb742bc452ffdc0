"""What several tests of enrollment's store begin with."""

import secrets
from collections.abc import Iterator

import pytest

from deploy.local.servers import Server, databases
from tests.integration.application_machine.world import World, world_on
from tests.integration.services.enrollment.clients_house import House, clients_house


@pytest.fixture
def house(database: str) -> Iterator[House]:
    """Clients on a migrated database that only this test has."""
    with clients_house(database) as opened:
        yield opened


@pytest.fixture(scope="module")
def one_world(sql_server: Server) -> Iterator[World]:
    """One database for the module: each test starts on an empty one."""
    name = f"test_{secrets.token_hex(6)}"
    url = databases.provide(sql_server.url, {name: secrets.token_hex(12)}, prefix="")[name]
    with world_on(url) as opened:
        yield opened
    databases.drop(sql_server.url, [name], prefix="")
