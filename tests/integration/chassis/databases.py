"""Fresh databases on a server that somebody else started."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from deploy.local.servers import databases


@contextmanager
def fresh_database(admin_url: str) -> Iterator[str]:
    """The URL of an empty database with a role of its own, both gone afterwards."""
    name = f"test_{secrets.token_hex(6)}"
    yield databases.provide_databases(admin_url, {name: secrets.token_hex(12)}, prefix="")[name]
    databases.drop(admin_url, [name], prefix="")
