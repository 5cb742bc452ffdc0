"""Runs a service's alembic revisions without an ini file or an env.py of its own."""

from __future__ import annotations

from pathlib import Path

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext, RevisionStep
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text

# A migration that cannot get its lock must not make every request queue up behind it.
LOCK_TIMEOUT = "5s"
# Two migrate jobs that start together: the second waits, however long, and then finds nothing to do.
ONE_AT_A_TIME = "select pg_advisory_xact_lock(hashtext('suite.migrate'))"


def upgrade_schema(engine: Engine, migrations: Path, target: str = "head") -> None:
    """Bring a database to ``target``; one transaction, safe to run from several processes at once."""
    _run(engine, migrations, target, "upgrade")


def downgrade_schema(engine: Engine, migrations: Path, target: str) -> None:
    _run(engine, migrations, target, "downgrade")


def _run(engine: Engine, migrations: Path, target: str, direction: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(migrations))
    config.set_main_option("path_separator", "os")
    script = ScriptDirectory.from_config(config)

    def steps(revision: tuple[str, ...] | str, _context: MigrationContext) -> list[RevisionStep]:
        if direction == "upgrade":
            return list(script._upgrade_revs(target, revision))  # type: ignore[arg-type]  # alembic types it too narrowly
        return list(script._downgrade_revs(target, revision))  # type: ignore[arg-type]  # alembic types it too narrowly

    with EnvironmentContext(config, script, fn=steps) as environment, engine.begin() as connection:
        connection.execute(text("set local statement_timeout = 0"))
        connection.execute(text(ONE_AT_A_TIME))
        connection.execute(text(f"set local lock_timeout = '{LOCK_TIMEOUT}'"))
        environment.configure(connection=connection, transactional_ddl=True)
        environment.run_migrations()
