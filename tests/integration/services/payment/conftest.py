"""A migrated database for payment's tests, and the service on it."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import pytest

from chassis.db import Database
from chassis.db.migrate import upgrade_schema
from deploy.local.ports import free_port
from deploy.local.servers import Server, databases
from services.payment.__main__ import SERVICE
from tests.integration.services.payment.harness import Browser, PaymentHarness, run_payment


@pytest.fixture(scope="session")
def payment_database(sql_server: Server) -> Iterator[Database]:
    name = f"test_{secrets.token_hex(6)}"
    url = databases.provide_databases(sql_server.url, {name: secrets.token_hex(12)}, prefix="")[name]
    database = Database(url)
    upgrade_schema(database.engine, SERVICE.migrations)
    yield database
    database.close()
    databases.drop(sql_server.url, [name], prefix="")


@pytest.fixture(scope="module")
def payments(payment_database: Database) -> Iterator[PaymentHarness]:
    with run_payment(payment_database, free_port(), free_port(), webhooks_arrive=True) as running:
        yield running


@pytest.fixture(scope="module")
def unnotified(payment_database: Database) -> Iterator[PaymentHarness]:
    """The same, but every webhook of the processor is refused."""
    with run_payment(payment_database, free_port(), free_port(), webhooks_arrive=False) as running:
        yield running


@pytest.fixture
def browser() -> Iterator[Browser]:
    opened = Browser()
    yield opened
    opened.close()
