"""Each service's role may do in its own database what the service does, and nothing in another's.

That the rights suffice is shown by every other test of the suite, whose processes sign in with them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import LiteralString

import psycopg
import pytest
from psycopg import errors, sql

from deploy.local.keys import OWNERS
from deploy.local.servers import databases
from deploy.local.suite import LocalSuite

pytestmark = pytest.mark.timeout(300)  # it starts the whole suite
ALL_OWN: LiteralString = "select tablename from pg_tables where schemaname = 'public'"
# What no process may in its own database, with the table that it tries it on.
FORBIDDEN: dict[str, tuple[LiteralString, ...]] = {
    "quote": (
        "update plan_rate set data_set_id = data_set_id",
        "delete from plan",
        "delete from quote",
        "update audit set actor = 'somebody'",
        "delete from audit",
        "delete from access_log",
        "update audit_seals set number = number",
    ),
    "enrollment": (
        "delete from application",
        "delete from counter",
        "update audit set actor = 'somebody'",
        "delete from audit",
        "update zip_county set zip = zip",
    ),
    "pcp": ("update location set npi = npi", "delete from assignment", "delete from audit"),
    "payment": ("delete from payment", "delete from attempt", "delete from callback", "update audit set actor = 'x'"),
    "documents": ("delete from carrier_transaction", "delete from submitted_policy", "delete from audit"),
    "gateway": (
        "update delegation_changes set kind = 'revoked'",
        "delete from delegation_changes",
        "delete from emergency_access",
        "update emergency_access set ends_at = opened_at",
    ),
}
EVERYWHERE: tuple[LiteralString, ...] = (
    "create table made_up (id int)",
    "create temporary table made_up (id int)",
    "create function made_up() returns int language sql as 'select 1'",
    "create schema made_up",
    "alter table forwarded_message add column made_up int",
    "drop table forwarded_message",
    "truncate forwarded_message",
    "create index made_up on forwarded_message (at)",
    "select * from alembic_version",
    "select * from pg_authid",
    "create role made_up",
    "copy forwarded_message to program 'true'",
)


@pytest.fixture(scope="module")
def roles(suite: LocalSuite) -> dict[str, str]:
    """The addresses with which the processes sign in."""
    return dict(suite.settings.databases)


@pytest.fixture(params=OWNERS)
def owner(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def is_refused(url: str, statement: LiteralString) -> bool:
    """For want of a right. Whatever is let through is rolled back."""
    with psycopg.connect(url) as connection:
        try:
            connection.execute(statement)
        except errors.InsufficientPrivilege as refused:
            return "are only added" not in str(refused)  # which a trigger says, to the owner, too
        except psycopg.Error:  # for another reason, such as rows that name the one
            return False
        finally:
            connection.rollback()
    return False


def test_a_role_changes_nothing_but_rows(roles: dict[str, str], owner: str) -> None:
    assert [one for one in EVERYWHERE if not is_refused(roles[owner], one)] == []


def test_a_role_changes_only_the_rows_that_its_service_changes(roles: dict[str, str], owner: str) -> None:
    assert [one for one in FORBIDDEN[owner] if not is_refused(roles[owner], one)] == []


def test_the_owner_would_get_away_with_it(suite: LocalSuite, owner: str) -> None:
    """The control: what is refused is refused for the role, not for the statement."""
    acts = [*FORBIDDEN[owner], "create table made_up (id int)", "truncate forwarded_message"]
    assert [one for one in acts if is_refused(suite.databases[owner], one)] == []


def test_a_role_reads_every_table_of_its_own(roles: dict[str, str], owner: str) -> None:
    with psycopg.connect(roles[owner]) as connection:
        names = [name for (name,) in connection.execute(ALL_OWN) if name != "alembic_version"]
        for name in names:
            connection.execute(sql.SQL("select 1 from {} limit 1").format(sql.Identifier(name)))
    assert len(names) > 5


def elsewhere(roles: dict[str, str], owner: str) -> Iterator[str]:
    own = databases.name_of(roles[owner])
    for url in roles.values():
        if (other := databases.name_of(url)) != own:
            yield databases.for_database(roles[owner], other)


def test_a_role_enters_no_other_database(roles: dict[str, str], owner: str) -> None:
    entered = []
    for url in elsewhere(roles, owner):
        try:
            psycopg.connect(url).close()
        except psycopg.OperationalError as refused:
            assert "permission denied for database" in str(refused)
        else:
            entered.append(url)
    assert entered == []


def test_processes_sign_in_with_the_role_and_know_no_owner(
    suite: LocalSuite, roles: dict[str, str], owner: str
) -> None:
    with psycopg.connect(suite.postgres.url) as admin:
        role = databases.name_of(roles[owner])  # called as the database
        seen = admin.execute("select 1 from pg_stat_activity where usename = %s", [role]).fetchall()
    assert seen
    known = {value for spec in suite.settings.specs() for value in spec.env.values()}
    assert suite.databases[owner] not in known
    assert not [value for value in known if suite.keys[f"owner.{owner}"] in value]
