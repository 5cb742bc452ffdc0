"""What a submission costs enrollment in statements and transactions; a change that makes it dearer has to say so here.

Beside it: the application is read once, and a change that came in between is not lost by that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event

import services.enrollment.__main__ as enrollment
from chassis.db import Database
from chassis.db.migrate import upgrade_schema
from chassis.kernel import Command
from services.enrollment.domain.enums import PaymentStatus, Status
from services.enrollment.domain.first_payment import FirstPayment, FirstPaymentTerms
from services.enrollment.usecases.on_document_rendered import OnDocumentRendered
from services.enrollment.usecases.on_payment_changed import OnPaymentChanged
from tests.integration.services.enrollment.test_enrollment_submission import ACTOR, SubmissionHarness

# Statements and transactions, commits not counted. The command: checks, the request itself, its answer.
COSTS = {"command": (14, 3), "worker": (8, 2), "document": (3, 1)}
REQUEST = Command(ACTOR, "submit_application", "key-number-1", b"x")


@pytest.fixture
def database_of_submissions(database: str) -> Iterator[Database]:
    opened = Database(database)
    upgrade_schema(opened.engine, enrollment.SERVICE.migrations)
    yield opened
    opened.close()


@pytest.fixture
def harness(database_of_submissions: Database) -> SubmissionHarness:
    return SubmissionHarness(database_of_submissions)


@contextmanager
def counted(engine: Engine) -> Iterator[dict[str, int]]:
    found = {"statements": 0, "transactions": 0}

    def note(*_: Any) -> None:
        found["statements"] += 1

    def begin(_connection: Any) -> None:
        found["transactions"] += 1

    event.listen(engine, "before_cursor_execute", note)
    event.listen(engine, "begin", begin)
    yield found
    event.remove(engine, "before_cursor_execute", note)
    event.remove(engine, "begin", begin)


def test_a_submission_costs_what_is_written_here(harness: SubmissionHarness, database_of_submissions: Database) -> None:
    app = harness.ready()
    acts: dict[str, Callable[[], object]] = {
        "command": lambda: harness.submit(REQUEST, app.record_number, 0),
        "worker": lambda: harness.run("queue", "message-1", app.record_number, 1),
        "document": lambda: OnDocumentRendered(harness.service)("queue", "message-2", app.record_number),
    }
    found = {}
    for name, act in acts.items():
        with counted(database_of_submissions.engine) as counts:
            act()
        found[name] = (counts["statements"], counts["transactions"])
    assert harness.read(app).status is Status.SUBMITTED
    assert found == COSTS


def test_a_payment_that_was_made_while_the_steps_ran_is_in_the_outcome(
    harness: SubmissionHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The application that was read before the steps is not the newest any more."""
    app = harness.ready()
    harness.submit(REQUEST, app.record_number, 0)
    hear = OnPaymentChanged(harness.service)

    def open_and_pay(terms: FirstPaymentTerms) -> FirstPayment:
        hear("queue", "payment-1", terms.record_number, PaymentStatus.SUCCESSFUL)
        return FirstPayment(PaymentStatus.NOT_STARTED, terms.months)

    monkeypatch.setattr(harness.others, "open", open_and_pay)
    harness.run("queue", "message-1", app.record_number, 1)
    done = harness.read(app)
    assert (done.status, done.payment_status) == (Status.SUBMITTED, PaymentStatus.SUCCESSFUL)


def test_a_worker_that_takes_over_after_a_crash_asks_again_and_ends_the_same(
    harness: SubmissionHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = harness.ready()
    harness.submit(REQUEST, app.record_number, 0)
    with monkeypatch.context() as there:
        there.setattr(harness.others, "open", _crash)
        with pytest.raises(SystemExit):
            harness.run("queue", "message-1", app.record_number, 1)
    assert harness.read(app).status is Status.SUBMITTING
    harness.run("queue", "message-1", app.record_number, 1)
    assert harness.read(app).status is Status.SUBMITTED
    assert harness.others.opened == [app.record_number]


def _crash(_terms: FirstPaymentTerms) -> FirstPayment:
    raise SystemExit(137)
