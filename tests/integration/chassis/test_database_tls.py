"""PostgreSQL over TLS: both drivers talk to the server whose certificate is right, and to no other."""

from __future__ import annotations

import asyncio
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from chassis.db import Database
from deploy.local.children import ChildProcess
from deploy.local.servers import debian, postgres
from gateway.store.database import GatewayDatabase
from tests.integration.chassis.certificates import FAULTS, Authority, CertificateFiles
from tests.integration.chassis.waiting import until

# Answers whether the connection is encrypted; raises OperationalError when there is none.
Ask = Callable[[str], bool]
IS_ENCRYPTED = text("select ssl from pg_stat_ssl where pid = pg_backend_pid()")


def packaged_programs(log: Path) -> Path:
    """Of a server that speaks TLS, which the wheel's was not built for."""
    if postgres.find_packaged() is None and debian.can_install():
        debian.install_packages(["postgresql"], log)
    found = postgres.find_packaged()
    if found is None:
        pytest.skip("no PostgreSQL with TLS here: apt-get install postgresql")
    return found


class TlsNode:
    """A server that shows one certificate after the other."""

    def __init__(self, home: Path, authority: Authority) -> None:
        (home / "logs").mkdir(parents=True)
        self.authority, self._shown = authority, home / "shown"
        self._shown.mkdir()
        self._copy(authority.issue())
        settings = {"ssl": "on", "ssl_cert_file": str(self._shown / "crt"), "ssl_key_file": str(self._shown / "key")}
        programs = packaged_programs(home / "logs" / "setup.log")
        self._server = postgres.start_server(home, secrets.token_hex(8), programs, "PostgreSQL with TLS", settings)
        self._children = [ChildProcess(spec, home / "logs") for spec in self._server.children]
        until(lambda: postgres.is_postgres_up(self._server.url), 90)

    def address(self, options: str) -> str:
        return f"{self._server.url}?{options}"

    def show(self, files: CertificateFiles) -> None:
        self._copy(files)
        self.change("select pg_reload_conf()")

    def change(self, statement: str) -> None:
        with psycopg.connect(self._server.url, autocommit=True) as admin:
            admin.execute(statement)

    def _copy(self, files: CertificateFiles) -> None:
        for source, target in ((files.certificate, "crt"), (files.key, "key")):
            shutil.copy(source, self._shown / target)
            (self._shown / target).chmod(0o600)
            if os.geteuid() == 0:
                os.chown(self._shown / target, postgres.NOBODY, postgres.NOBODY)

    def stop(self) -> None:
        for child in self._children:
            child.ask_to_stop()
            child.end()


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TlsNode]:
    home = tmp_path_factory.mktemp("tls-postgres")
    (home / "certificates").mkdir()
    running = TlsNode(home / "node", Authority(home / "certificates"))
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


def test_a_server_with_the_right_certificate_is_talked_to_over_tls(node: TlsNode, ask: Ask) -> None:
    node.show(node.authority.issue())
    url = node.address(f"sslmode=verify-full&sslrootcert={node.authority.ca}")
    assert until(lambda: works(ask, url))


@pytest.mark.parametrize("fault", FAULTS)
def test_a_server_with_a_wrong_certificate_is_not_talked_to(node: TlsNode, ask: Ask, fault: str) -> None:
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
