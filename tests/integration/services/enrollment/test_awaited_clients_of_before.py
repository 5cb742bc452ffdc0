"""The migration that finds which earlier applications lack nothing but the client's review."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import text

from chassis.db import Database
from chassis.db.migrate import upgrade_schema
from services.enrollment.__main__ import SERVICE

BEFORE, AFTER = "0023", "0024"
SIGNED: dict[str, Any] = {"holds": True, "withdrawn_at": None}


def stored(**changes: Any) -> dict[str, Any]:
    """One that waits for its client, but for the changes."""
    waits = {"status": "incomplete", "step": "signatures", "authorization": "client_review", "payment": "pay_later"}
    return {**waits, "review": None, **changes}


@pytest.mark.parametrize(
    ("app", "awaits"),
    [
        (stored(), True),
        (stored(status="failed"), True),
        (stored(review=SIGNED | {"holds": False}), True),
        (stored(review=SIGNED | {"withdrawn_at": "2026-05-20T12:00:00Z"}), True),
        (stored(review=SIGNED), False),
        (stored(status="submitted"), False),
        (stored(status="expired"), False),
        (stored(step="plans"), False),
        (stored(authorization="paper"), False),
        (stored(authorization=None), False),
        (stored(payment=None), False),
    ],
)
def test_only_an_application_that_lacks_the_review_alone_awaits_the_client(
    database: str, app: dict[str, Any], awaits: bool
) -> None:
    db = Database(database)
    upgrade_schema(db.engine, SERVICE.migrations, BEFORE)
    row = {
        "status": app["status"],
        "step": app["step"],
        "household": json.dumps({"authorization": app["authorization"]}),
        "signatures": json.dumps({"payment_choice": app["payment"]}),
        "review": json.dumps(app["review"]),
    }
    insert = text(
        "insert into application (record_number, number, writing_number, producer_name, company_name, state,"
        " rule_pack, status, quote_id, version, attempt, created_at, updated_at, general, household, plans,"
        " other_coverage, signatures, plan_lines, assigned_pcps, failures, current_step, applicant_name,"
        " product_name, applicant_key, client_review) values ('A-0001', 1, 'W-1', '', '', 'IL', '2026',"
        " :status, '', 1, 0, now(), now(), '{}', :household, '{}', '{}', :signatures, '[]', '[]', '[]', :step, '', '',"
        " '', :review)"
    )
    with db.engine.begin() as connection:
        connection.execute(insert, row)
    upgrade_schema(db.engine, SERVICE.migrations, AFTER)
    with db.engine.connect() as connection:
        assert connection.scalar(text("select awaits_client from application")) is awaits
    db.close()
