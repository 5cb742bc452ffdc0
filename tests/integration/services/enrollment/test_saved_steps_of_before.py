"""The migration that records which steps were saved keeps what earlier drafts showed as complete."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, text

from chassis.db import Database
from chassis.db.migrate import downgrade_schema, upgrade_schema
from services.enrollment.__main__ import SERVICE
from services.enrollment.domain.enums import Status, Step

BEFORE, AFTER = "0021", "0022"
DRAFTS = (Status.INCOMPLETE, Status.FAILED)


@pytest.fixture
def connection(database: str) -> Iterator[Connection]:
    """A database as it was before, with an application in every status at every step."""
    db = Database(database)
    upgrade_schema(db.engine, SERVICE.migrations, BEFORE)
    with db.engine.connect() as opened:
        rows = [{"status": status, "step": step} for status in Status for step in Step]
        insert = text(
            "insert into application (record_number, number, writing_number, producer_name, company_name, state,"
            " rule_pack, status, quote_id, version, attempt, created_at, updated_at, general, household, plans,"
            " other_coverage, signatures, plan_lines, assigned_pcps, failures, current_step, applicant_name,"
            " product_name, applicant_key) values (:status || '-' || :step, :number, 'W-1', '', '', 'IL', '2026',"
            " :status, '', 1, 0, now(), now(), '{}', '{}', '{}', '{}', '{}', '[]', '[]', '[]', :step, '', '', '')"
        )
        opened.execute(insert, [row | {"number": number} for number, row in enumerate(rows)])
        opened.commit()
        yield opened
    db.close()


def test_the_steps_before_the_current_one_of_a_draft_count_as_saved(connection: Connection) -> None:
    upgrade_schema(connection.engine, SERVICE.migrations, AFTER)
    stored = connection.execute(text("select status, current_step, saved_steps from application")).all()
    connection.commit()
    order = list(Step)
    assert len(stored) == len(Status) * len(Step)
    assert {(status, step): saved for status, step, saved in stored} == {
        (status, step): order[: order.index(step)] if status in DRAFTS else [] for status in Status for step in Step
    }
    assert ("failed", "other_coverage", ["general", "household", "plans"]) in map(tuple, stored)


def test_what_was_stored_before_is_there_after_the_way_back(connection: Connection) -> None:
    query = text("select * from application order by number")
    before = [tuple(row) for row in connection.execute(query)]
    connection.commit()
    upgrade_schema(connection.engine, SERVICE.migrations, AFTER)
    downgrade_schema(connection.engine, SERVICE.migrations, BEFORE)
    assert [tuple(row) for row in connection.execute(query)] == before
