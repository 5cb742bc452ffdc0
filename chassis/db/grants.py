"""The rights of the role that a service's processes sign in with, given by ``migrate``, which owns the tables."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine, text

from chassis.db.audit_tables import grant_audit_log
from chassis.db.migrate import ONE_AT_A_TIME

SHARED = Path(__file__).with_name("grants.sql")
# As psql writes a variable that is a name, so that an operator may run the files by hand.
ROLE = ':"role"'


def grant_rights(engine: Engine, role: str, own: Path) -> None:
    """Take back all rights of ``role`` and give those of ``grants.sql`` here and of the service's ``own`` file.

    One transaction: running processes are never without their rights. The audit is append-only whatever the files say.
    """
    with engine.begin() as connection:
        connection.execute(text(ONE_AT_A_TIME))
        quoted = connection.dialect.identifier_preparer.quote_identifier(role)
        for file in (SHARED, own):
            connection.exec_driver_sql(file.read_text().replace(ROLE, quoted))
        grant_audit_log(connection, role)
