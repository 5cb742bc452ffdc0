"""What several tests of enrollment's store begin with."""

import secrets
from collections.abc import Iterator

import pytest

from deploy.local.servers import Server, databases
from tests.integration.application_machine.harness import ContractHarness, harness_on
from tests.integration.services.enrollment.client_harness import ClientHarness, clients_house


@pytest.fixture
def harness(database: str) -> Iterator[ClientHarness]:
    """Clients on a migrated database that only this test has."""
    with clients_house(database) as opened:
        yield opened


@pytest.fixture(scope="module")
def shared_harness(sql_server: Server) -> Iterator[ContractHarness]:
    """One database for the module: each test starts on an empty one."""
    name = f"test_{secrets.token_hex(6)}"
    url = databases.provide_databases(sql_server.url, {name: secrets.token_hex(12)}, prefix="")[name]
    with harness_on(url) as opened:
        yield opened
    databases.drop(sql_server.url, [name], prefix="")
