"""One database and one role per service on a PostgreSQL server."""

from collections.abc import Iterable, Mapping
from typing import LiteralString
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

OWNED_BY_PROCESSES: LiteralString = (
    "SELECT 1 FROM pg_database JOIN pg_roles ON pg_roles.oid = datdba WHERE datname = %s AND rolname = datname"
)


def provide_databases(admin_url: str, passwords: Mapping[str, str], prefix: str = "suite_") -> dict[str, str]:
    """Make sure that every service has its role and its database, and nobody else's; returns the URL of each.

    `passwords` is by service name. Running it again changes nothing but a password that differs.
    """
    with psycopg.connect(admin_url, autocommit=True) as admin:
        return {name: provide_one(admin, admin_url, f"{prefix}{name}", word) for name, word in passwords.items()}


def provide_one(admin: psycopg.Connection, admin_url: str, name: str, password: str) -> str:
    """The role and the database called `name`."""
    identifier = sql.Identifier(name)
    provide_role(admin, name, password)
    if not row_exists(admin, "SELECT 1 FROM pg_database WHERE datname = %s", name):
        # An administrator who is no superuser may only hand a database to a role that it belongs to.
        admin.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(identifier))
        admin.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(identifier, identifier))
        admin.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(identifier))
    return for_role(admin_url, name, password)


def provide_runtime_roles(
    admin_url: str, owners: Mapping[str, str], passwords: Mapping[str, str], prefix: str = "suite_"
) -> tuple[dict[str, str], dict[str, str]]:
    """The same with two roles for each database: its owner, who migrates, and the role of the processes.

    `owners` and `passwords` are the passwords of both by service name. Returns the URLs of both. The processes' role
    may only connect: `migrate` gives it the other rights. A database that its processes owned changes hands.
    """
    as_owner, as_process = {}, {}
    with psycopg.connect(admin_url, autocommit=True) as admin:
        for service in owners:
            name, owner = f"{prefix}{service}", f"{prefix}{service}_owner"
            provide_role(admin, name, passwords[service])
            provide_role(admin, owner, owners[service])
            as_owner[service] = for_role(admin_url, owner, owners[service], name)
            as_process[service] = for_role(admin_url, name, passwords[service])
            database, roles = sql.Identifier(name), (sql.Identifier(name), sql.Identifier(owner))
            admin.execute(sql.SQL("GRANT {}, {} TO CURRENT_USER").format(*roles))
            if not row_exists(admin, "SELECT 1 FROM pg_database WHERE datname = %s", name):
                admin.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(database, roles[1]))
            elif row_exists(admin, OWNED_BY_PROCESSES, name):
                with psycopg.connect(for_database(admin_url, name), autocommit=True) as inside:
                    inside.execute(sql.SQL("REASSIGN OWNED BY {} TO {}").format(*roles))
            admin.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
            admin.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, roles[0]))
    return as_owner, as_process


def drop(admin_url: str, names: Iterable[str], prefix: str = "suite_") -> None:
    """Remove the databases and roles again, open connections and all: for tests on a shared server."""
    with psycopg.connect(admin_url, autocommit=True) as admin:
        for name in names:
            identifier = sql.Identifier(f"{prefix}{name}")
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(identifier))
            for role in (identifier, sql.Identifier(f"{prefix}{name}_owner")):
                admin.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(role))


def provide_role(admin: psycopg.Connection, name: str, password: str) -> None:
    verb = "ALTER" if row_exists(admin, "SELECT 1 FROM pg_roles WHERE rolname = %s", name) else "CREATE"
    command = sql.SQL(verb + " ROLE {} LOGIN PASSWORD {}")
    admin.execute(command.format(sql.Identifier(name), sql.Literal(password)))


def row_exists(admin: psycopg.Connection, query: LiteralString, name: str) -> bool:
    """Whether the catalogue query finds `name`."""
    return admin.execute(query, (name,)).fetchone() is not None


def for_role(admin_url: str, name: str, password: str, database: str | None = None) -> str:
    """The administrator's URL turned into that of the role `name` and its database, which is called so as well."""
    parts = urlsplit(admin_url)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{name}:{password}@{host}", path=f"/{database or name}"))


def name_of(url: str) -> str:
    """Of the database of a URL."""
    return urlsplit(url).path.removeprefix("/")


def for_database(admin_url: str, database: str) -> str:
    return urlunsplit(urlsplit(admin_url)._replace(path=f"/{database}"))
