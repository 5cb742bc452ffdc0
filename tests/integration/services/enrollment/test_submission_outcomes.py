"""Who waits for the outcome of a submission is told by PostgreSQL, and finds one that was missed by looking."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

import services.enrollment.__main__ as enrollment
from chassis.db import Database
from chassis.db.migrate import upgrade_schema
from chassis.kernel import Command
from services.enrollment.domain.enums import Status
from services.enrollment.store.outcomes import OUTCOME_CHANNEL, listen_for_outcomes
from services.enrollment.usecases.pcp_review import PcpReview
from services.enrollment.usecases.submit_application import LOOK_SECONDS, SubmitApplication
from tests.integration.services.enrollment.test_enrollment_submission import ACTOR, SubmissionHarness

REQUEST = Command(ACTOR, "submit_application", "key-number-1", b"x")
# The listener needs a connection of its own, and the machine may be busy.
LISTENING_SECONDS = 0.5


@pytest.fixture
def submissions(database: str) -> Iterator[Database]:
    opened = Database(database)
    upgrade_schema(opened.engine, enrollment.SERVICE.migrations)
    yield opened
    opened.close()


def waited(submissions: Database) -> float:
    """Seconds from the outcome's commit until the command knows of it."""
    harness = SubmissionHarness(submissions)
    app = harness.ready()
    outcomes = listen_for_outcomes(submissions)
    submit = SubmitApplication(harness.service, PcpReview(harness.others), outcomes)
    with outcomes.expect("nobody"), ThreadPoolExecutor(1) as pool:
        time.sleep(LISTENING_SECONDS)
        view = pool.submit(submit, REQUEST, app.record_number, 0)
        while harness.read(app).status is not Status.SUBMITTING:
            time.sleep(0.01)
        harness.run("queue", "message-1", app.record_number, 1)
        done = time.monotonic()
        assert view.result().application.status is Status.SUBMITTED
        return time.monotonic() - done


def test_an_outcome_is_told_when_it_is_committed(submissions: Database) -> None:
    assert waited(submissions) < LOOK_SECONDS / 2


def test_an_outcome_that_nobody_told_is_found_by_a_look(submissions: Database) -> None:
    """The control: without the trigger it takes that long."""
    with submissions.transaction() as session:
        session.execute(text("drop trigger notify_submission_outcome on application"))
    assert waited(submissions) > LOOK_SECONDS / 2


def test_a_listener_that_lost_its_connection_listens_again(submissions: Database) -> None:
    outcomes = listen_for_outcomes(submissions)
    ended = (
        "select count(pg_terminate_backend(pid)) from pg_stat_activity "
        "where datname = current_database() and query like 'listen %' and pid <> pg_backend_pid()"
    )
    with outcomes.expect("A-0001") as told:
        time.sleep(LISTENING_SECONDS)
        with submissions.transaction() as session:
            assert session.scalar(text(ended)) == 1
        end = time.monotonic() + 10
        while not told.wait(0.2) and time.monotonic() < end:
            with submissions.transaction() as session:
                session.execute(text(f"select pg_notify('{OUTCOME_CHANNEL}', 'A-0001')"))
        assert told.is_set()
