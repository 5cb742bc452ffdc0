"""Users with a password that everybody knows keep the gateway from starting in production."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from chassis.db import Database
from chassis.db.migrate import upgrade_schema
from chassis.settings import SuiteSettings
from deploy.local.servers import Server, databases
from gateway.__main__ import MIGRATIONS
from gateway.commands.seed import refuse_demo_users, seed_users

NAME = "gateway_demo_users"


@pytest.fixture
def database(sql_server: Server) -> Iterator[Database]:
    found = Database(databases.provide_databases(sql_server.url, {NAME: "test"}, prefix="")[NAME])
    upgrade_schema(found.engine, MIGRATIONS)
    yield found
    found.close()
    databases.drop(sql_server.url, [NAME], prefix="")


def test_production_refuses_a_database_with_demo_users(database: Database) -> None:
    production = SuiteSettings(suite_env="production")
    refuse_demo_users(production, database)
    seed_users(SuiteSettings(suite_env="test"), database)
    with pytest.raises(SystemExit, match=r"delegate@example.com, .*producer@example.com are in the database"):
        refuse_demo_users(production, database)
    refuse_demo_users(SuiteSettings(suite_env="local"), database)


def test_a_database_without_tables_is_told_in_a_sentence(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.exec_driver_sql("alter table users rename to others")
    with pytest.raises(SystemExit, match="`migrate` has not run"):
        refuse_demo_users(SuiteSettings(suite_env="production"), database)
