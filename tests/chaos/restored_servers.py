"""Servers of a restore drill, and the programs of PostgreSQL that an operator uses in it."""

from __future__ import annotations

import secrets
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

import chassis.db
from deploy.local.keys import OWNERS, SERVICES
from deploy.local.servers import Server, amqp, broker, databases, postgres
from tests.integration.conftest import native

PREFIX = "suite_"
RESEND = Path(chassis.db.__file__).with_name("resend.sql")


@contextmanager
def database_server(folder: Path, *, newest: bool) -> Iterator[Server]:
    """The newest version is the wheel's; another one is that of the machine, where it has one."""
    folder.mkdir(exist_ok=True)
    packaged = None if newest else postgres.find_packaged()
    password = secrets.token_hex(12)
    if packaged:
        server = postgres.start_server(folder, password, packaged, f"PostgreSQL of {packaged}")
    else:
        server = postgres.start_embedded(folder, password)
    with native(server, postgres.is_postgres_up, folder):
        yield server


@contextmanager
def broker_server(folder: Path) -> Iterator[Server]:
    with native(broker.choose_broker(folder, secrets.token_hex(12), None), amqp.is_broker_up, folder) as server:
        yield server


def dump(admin_url: str, owner: str, folder: Path) -> Path:
    """One database into one file, in PostgreSQL's own format."""
    file = folder / f"{owner}.dump"
    url = databases.for_database(admin_url, f"{PREFIX}{owner}")
    # The fastest compression: the drill measures the way, not the size.
    run_program("pg_dump", "--format=custom", "--compress=1", f"--file={file}", url)
    return file


def restore(admin_url: str, keys: Mapping[str, str], dumps: Sequence[Path]) -> dict[str, str]:
    """Make roles and databases and fill them; the tables are the owners', and ``migrate`` gives the other rights."""
    owners, _ = databases.provide_runtime_roles(
        admin_url,
        {owner: keys[f"owner.{owner}"] for owner in OWNERS},
        {owner: keys[f"database.{owner}"] for owner in OWNERS},
        PREFIX,
    )
    for file in dumps:
        target = f"--dbname={owners[file.stem]}"
        run_program("pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", target, str(file))
    return owners


def mark_for_resending(owners: Mapping[str, str]) -> None:
    """``owners``: addresses of the databases; the gateway publishes nothing."""
    for service in SERVICES:
        with psycopg.connect(owners[service]) as connection:
            connection.execute(sql.SQL(RESEND.read_text()))


def version_of(server: Server) -> str:
    with psycopg.connect(server.url) as connection:
        return str(connection.info.server_version // 10_000)


def run_program(name: str, *arguments: str) -> None:
    done = subprocess.run([str(postgres.BINARIES / name), *arguments], capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{name}: {done.stderr.strip()}")
