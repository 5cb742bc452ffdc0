"""PostgreSQL over TLS: both drivers talk to the server whose certificate is right, and to no other."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from chassis.db import Database
from gateway.store.database import GatewayDatabase
from tests.integration.chassis.certificates import FAULTS, Authority
from tests.integration.chassis.tls_nodes import TlsDatabase, find_packaged_programs
from tests.integration.chassis.waiting import until

# Answers whether the connection is encrypted; raises OperationalError when there is none.
Ask = Callable[[str], bool]
IS_ENCRYPTED = text("select ssl from pg_stat_ssl where pid = pg_backend_pid()")


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TlsDatabase]:
    home = tmp_path_factory.mktemp("tls-postgres")
    (home / "certificates").mkdir()
    programs = find_packaged_programs(home / "setup.log")
    if programs is None:
        pytest.skip("no PostgreSQL with TLS here: apt-get install postgresql")
    running = TlsDatabase(home / "node", Authority(home / "certificates"), programs)
    yield running
    running.stop()


def ask_as_a_service(url: str) -> bool:
    database = Database(url)
    try:
        with database.engine.connect() as connection:
            return bool(connection.execute(IS_ENCRYPTED).scalar())
    finally:
        database.close()


def ask_as_the_gateway(url: str) -> bool:
    async def ask() -> bool:
        database = GatewayDatabase(url.replace("postgresql://", "postgresql+psycopg://", 1))
        try:
            async with database._engine.connect() as connection:
                return bool((await connection.execute(IS_ENCRYPTED)).scalar())
        finally:
            await database.close()

    return asyncio.run(ask())


@pytest.fixture(params=[ask_as_a_service, ask_as_the_gateway], ids=["psycopg2", "psycopg"])
def ask(request: pytest.FixtureRequest) -> Ask:
    driver: Ask = request.param
    return driver


def test_a_server_with_the_right_certificate_is_talked_to_over_tls(node: TlsDatabase, ask: Ask) -> None:
    node.show(node.authority.issue())
    url = node.address(f"sslmode=verify-full&sslrootcert={node.authority.ca}")
    assert until(lambda: works(ask, url))


@pytest.mark.parametrize("fault", FAULTS)
def test_a_server_with_a_wrong_certificate_is_not_talked_to(node: TlsDatabase, ask: Ask, fault: str) -> None:
    node.show(node.authority.issue(fault))
    url = node.address(f"sslmode=verify-full&sslrootcert={node.authority.ca}")
    until(lambda: not works(ask, url))  # it reads its files a moment later
    with pytest.raises(OperationalError, match="certificate"):
        ask(url)
    assert ask(node.address("sslmode=require"))  # the control, which checks nothing


def works(ask: Ask, url: str) -> bool:
    try:
        return ask(url)
    except OperationalError:
        return False
