"""A database of quotes with the illustrative catalogue of 2026 in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import services.quote.__main__ as quote
from chassis.db import Database, PostgresTransactions
from chassis.db.migrate import upgrade_schema
from services.quote.events.outgoing import event_to_proto
from services.quote.store.catalogue import CatalogueRepository
from services.quote.store.work import UnitOfWork, make_transactions
from services.quote.usecases.create_quote import CreateQuote
from services.quote.usecases.select_plans import SelectPlans
from tests.integration.services.quote.samples import BIRTH_DATES, CLOCK, ILLUSTRATIVE_2026, load


@pytest.fixture
def db(database: str) -> Iterator[Database]:
    db = Database(database)
    upgrade_schema(db.engine, quote.SERVICE.migrations)
    yield db
    db.close()


@pytest.fixture
def seeded(db: Database) -> Database:
    assert not any(load(db, ILLUSTRATIVE_2026))
    return db


@pytest.fixture
def transactions(seeded: Database) -> PostgresTransactions[UnitOfWork]:
    return make_transactions(seeded, BIRTH_DATES, event_to_proto)


@pytest.fixture
def catalogues(seeded: Database) -> CatalogueRepository:
    return CatalogueRepository(seeded)


@pytest.fixture
def create(catalogues: CatalogueRepository, transactions: PostgresTransactions[UnitOfWork]) -> CreateQuote:
    return CreateQuote(catalogues, transactions, CLOCK)


@pytest.fixture
def choose(catalogues: CatalogueRepository, transactions: PostgresTransactions[UnitOfWork]) -> SelectPlans:
    return SelectPlans(catalogues, transactions, CLOCK)
