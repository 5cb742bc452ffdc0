"""PostgreSQL with continuous archiving, and servers that are restored from its base backup and archived log."""

from __future__ import annotations

import os
import secrets
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from deploy.local.errors import LocalSuiteError
from deploy.local.servers import Server, postgres
from deploy.local.waiting import wait_until
from tests.integration.conftest import STARTED_WITHIN, native


@contextmanager
def archiving_server(folder: Path, archive: Path) -> Iterator[Server]:
    """A server that copies its log to ``archive``, as docs/how-to/restore-from-a-backup.md sets it.

    Stopped, it has archived all of it; one that crashes lacks what the last ``archive_timeout`` wrote.
    """
    folder.mkdir()
    archive.mkdir()
    if os.geteuid() == 0:
        os.chown(archive, postgres.NOBODY, postgres.NOBODY)
    settings = {"archive_mode": "on", "archive_command": f"test ! -f {archive}/%f && cp %p {archive}/%f"}
    how = "PostgreSQL that archives its log"
    server = postgres.start_server(folder, secrets.token_hex(12), postgres.BINARIES, how, settings)
    with native(server, postgres.is_postgres_up, folder):
        yield server


def take_base_backup(admin_url: str, folder: Path) -> None:
    """Into ``folder``/postgres, where a server can be started on it."""
    data = folder / "postgres"
    folder.mkdir()
    command = (str(postgres.BINARIES / "pg_basebackup"), f"--pgdata={data}", "--checkpoint=fast", "--no-sync")
    done = subprocess.run((*command, f"--dbname={admin_url}"), capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"pg_basebackup: {done.stderr.strip()}")
    if os.geteuid() == 0:
        for path in (data, *data.rglob("*")):
            os.chown(path, postgres.NOBODY, postgres.NOBODY, follow_symlinks=False)


@contextmanager
def restored_server(backup: Path, archive: Path, password: str, **target: str) -> Iterator[Server]:
    """A server on that backup, which has replayed the archived log up to ``target`` and takes changes.

    ``password``: the administrator's, which is the one of the server before. No target: all of the log.
    """
    (backup / "postgres" / "recovery.signal").touch()
    settings = {"restore_command": f"cp {archive}/%f %p", "recovery_target_action": "promote", **target}
    server = postgres.start_server(backup, password, postgres.BINARIES, "PostgreSQL restored from its log", settings)
    with native(server, postgres.is_postgres_up, backup):
        if not wait_until(lambda: is_promoted(server.url), STARTED_WITHIN):
            raise LocalSuiteError(f"{server.how} did not come to its target; see {backup / 'logs'}")
        yield server


def is_promoted(url: str) -> bool:
    """Whether the recovery is over: until then a server that answers takes no changes."""
    with psycopg.connect(url) as connection:
        return connection.execute("select not pg_is_in_recovery()").fetchone() == (True,)


def password_of(url: str) -> str:
    password = urlsplit(url).password
    assert password
    return password
