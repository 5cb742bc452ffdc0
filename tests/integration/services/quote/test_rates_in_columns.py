"""The migration to rates in columns keeps every rate that was stored, and gives it back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, text

from chassis.db import Database
from chassis.db.migrate import downgrade_schema, upgrade_schema
from services.quote.__main__ import SERVICE

BEFORE, AFTER = "0013", "0014"
RATES = [
    (1, "IL", 1, "36096IL9900001", 0, 14, 100_00, 100_00, "filed"),
    (1, "IL", 1, "36096IL9900001", 15, 15, 110_00, None, "filed"),
    (1, "IL", 1, "36096IL9900001", 16, 20, 120_00, 130_00, "derived"),
    (1, "IL", 2, "36096IL9900001", 0, 65, 140_00, 150_00, "filed"),
]


@pytest.fixture
def connection(database: str) -> Iterator[Connection]:
    """A database as it was before, with rates in it."""
    db = Database(database)
    upgrade_schema(db.engine, SERVICE.migrations, BEFORE)
    with db.engine.connect() as opened:
        opened.execute(text("insert into data_set (id, name, digest) overriding system value values (1, 'set', 'x')"))
        values = ", ".join(f":{letter}" for letter in "abcdefghi")
        rows = [dict(zip("abcdefghi", rate, strict=True)) for rate in RATES]
        opened.execute(text(f"insert into plan_rate values ({values})"), rows)
        opened.commit()
        yield opened
    db.close()


def test_every_rate_is_in_a_column_and_comes_back(connection: Connection) -> None:
    upgrade_schema(connection.engine, SERVICE.migrations, AFTER)
    stored = connection.execute(text("select * from plan_rate order by rating_area, source")).all()
    connection.commit()
    assert [tuple(row)[2:] for row in stored] == [
        (1, "36096IL9900001", "derived", [16], [20], [120_00], [130_00]),
        (1, "36096IL9900001", "filed", [0, 15], [14, 15], [100_00, 110_00], [100_00, None]),
        (2, "36096IL9900001", "filed", [0], [65], [140_00], [150_00]),
    ]
    downgrade_schema(connection.engine, SERVICE.migrations, BEFORE)
    back = connection.execute(text("select * from plan_rate order by rating_area, age_from")).all()
    assert [tuple(row) for row in back] == RATES


def test_columns_of_unlike_length_are_refused(connection: Connection) -> None:
    upgrade_schema(connection.engine, SERVICE.migrations, AFTER)
    with pytest.raises(Exception, match="columns_have_one_length"):
        connection.execute(text("update plan_rate set cents = cents || 100"))
