"""One database and one role per service on a PostgreSQL server."""

from collections.abc import Iterable, Mapping
from typing import LiteralString
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql


def provide_databases(admin_url: str, passwords: Mapping[str, str], prefix: str = "suite_") -> dict[str, str]:
    """Make sure that every service has its role and its database, and nobody else's; returns the URL of each.

    `passwords` is by service name. Running it again changes nothing but a password that differs.
    """
    with psycopg.connect(admin_url, autocommit=True) as admin:
        return {name: provide_one(admin, admin_url, f"{prefix}{name}", word) for name, word in passwords.items()}


def provide_one(admin: psycopg.Connection, admin_url: str, name: str, password: str) -> str:
    """The role and the database called `name`."""
    identifier = sql.Identifier(name)
    verb = "ALTER" if row_exists(admin, "SELECT 1 FROM pg_roles WHERE rolname = %s", name) else "CREATE"
    admin.execute(sql.SQL(verb + " ROLE {} LOGIN PASSWORD {}").format(identifier, sql.Literal(password)))
    if not row_exists(admin, "SELECT 1 FROM pg_database WHERE datname = %s", name):
        # An administrator who is no superuser may only hand a database to a role that it belongs to.
        admin.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(identifier))
        admin.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(identifier, identifier))
        admin.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(identifier))
    return for_role(admin_url, name, password)


def drop(admin_url: str, names: Iterable[str], prefix: str = "suite_") -> None:
    """Remove the databases and roles again, open connections and all: for tests on a shared server."""
    with psycopg.connect(admin_url, autocommit=True) as admin:
        for name in names:
            identifier = sql.Identifier(f"{prefix}{name}")
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(identifier))
            admin.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(identifier))


def row_exists(admin: psycopg.Connection, query: LiteralString, name: str) -> bool:
    """Whether the catalogue query finds `name`."""
    return admin.execute(query, (name,)).fetchone() is not None


def for_role(admin_url: str, name: str, password: str) -> str:
    """The administrator's URL turned into that of the role `name` and its database of the same name."""
    parts = urlsplit(admin_url)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{name}:{password}@{host}", path=f"/{name}"))
