"""A migrated database for payment's tests, and the service on it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from chassis.db import Database
from chassis.db.migrate import upgrade
from deploy.local.ports import free_port
from services.payment.__main__ import SERVICE
from tests.integration.chassis.nodes import DatabaseNode
from tests.integration.services.payment.harness import Browser, PaymentHouse, house


@pytest.fixture(scope="session")
def payment_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DatabaseNode]:
    node = DatabaseNode(tmp_path_factory.mktemp("payment") / "server")
    yield node
    node.stop()


@pytest.fixture(scope="session")
def payment_database(payment_server: DatabaseNode) -> Iterator[Database]:
    database = Database(payment_server.create("payment"))
    upgrade(database.engine, SERVICE.migrations)
    yield database
    database.close()


@pytest.fixture
def payment_node(payment_server: DatabaseNode) -> str:
    """An empty database."""
    return payment_server.create("payment_stairs")


@pytest.fixture(scope="module")
def payments(payment_database: Database) -> Iterator[PaymentHouse]:
    with house(payment_database, free_port(), free_port(), callbacks_arrive=True) as running:
        yield running


@pytest.fixture(scope="module")
def deaf_payments(payment_database: Database) -> Iterator[PaymentHouse]:
    """The same, but no callback of the processor is believed."""
    with house(payment_database, free_port(), free_port(), callbacks_arrive=False) as running:
        yield running


@pytest.fixture
def browser() -> Iterator[Browser]:
    opened = Browser()
    yield opened
    opened.close()
