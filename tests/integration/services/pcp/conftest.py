"""A database with the shipped directory."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import services.pcp.__main__ as pcp
from chassis.db import Database, PostgresTransactions
from chassis.db.migrate import upgrade_schema
from chassis.kernel import FixedClock
from services.pcp.directory.cities import ListedCities
from services.pcp.directory.files import QhpDirectory
from services.pcp.events.outgoing import event_to_proto
from services.pcp.store.tables import INFRASTRUCTURE
from services.pcp.store.work import UnitOfWork
from services.pcp.usecases.directory_port import LoadOutcome
from services.pcp.usecases.load_directory import LoadDirectory
from services.pcp.usecases.search_providers import SearchProviders

CLOCK = FixedClock.at("2026-03-01")
CITIES = ListedCities()


@pytest.fixture
def transactions(database: str) -> Iterator[PostgresTransactions[UnitOfWork]]:
    db = Database(database)
    upgrade_schema(db.engine, pcp.SERVICE.migrations)
    opened = PostgresTransactions(db, UnitOfWork, INFRASTRUCTURE, event_to_proto)
    assert LoadDirectory(opened)(QhpDirectory()) is LoadOutcome.LOADED
    yield opened
    db.close()


@pytest.fixture
def search(transactions: PostgresTransactions[UnitOfWork]) -> SearchProviders:
    return SearchProviders(transactions, CLOCK, CITIES)
