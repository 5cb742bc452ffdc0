"""What every implementation of ``chassis.kernel.UnitOfWork`` does; run against the fake and against PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Protocol

import pytest

from chassis.kernel import AlreadyExists, Caller, CallerKind, Command, Transactions, UnitOfWork, run_once

AT = datetime(2026, 5, 20, 15, 0, tzinfo=UTC)
COMMAND = Command(Caller(CallerKind.PRODUCER, "ann@example.com"), "CreateQuote", "one-and-the-same", b"content")


class Committed(Protocol):
    """What another transaction sees; ``note`` makes an event about a subject."""

    transactions: Transactions[UnitOfWork]

    def note(self, subject: str) -> object: ...

    def subjects(self) -> list[str]:
        """Of the events that will leave, in order."""
        ...

    def audit(self) -> list[tuple[object, ...]]:
        """Instant, actor, subject, action, summary, whom for, changed fields."""
        ...


class UnitOfWorkContract:
    """Subclasses give the fixture ``committed``."""

    def test_a_message_is_accepted_once_by_each_consumer(self, committed: Committed) -> None:
        with committed.transactions() as work:
            assert work.accept_message("queue-1", "m-1")
            assert not work.accept_message("queue-1", "m-1")
        with committed.transactions() as work:
            assert not work.accept_message("queue-1", "m-1")
            assert work.accept_message("queue-2", "m-1")

    def test_a_message_whose_work_failed_is_accepted_again(self, committed: Committed) -> None:
        with pytest.raises(ZeroDivisionError), committed.transactions() as work:
            assert work.accept_message("queue-1", "m-1")
            raise ZeroDivisionError
        with committed.transactions() as work:
            assert work.accept_message("queue-1", "m-1")

    def test_a_command_is_done_once_and_answered_alike_ever_after(self, committed: Committed) -> None:
        made = iter(("first", "second"))
        answers = []
        for _ in range(3):
            with committed.transactions() as work:
                answers.append(run_once(work, COMMAND, lambda: next(made)))
        assert answers == ["first"] * 3
        assert next(made) == "second"

    def test_a_repeat_within_one_transaction_is_answered_alike(self, committed: Committed) -> None:
        with committed.transactions() as work:
            assert run_once(work, COMMAND, lambda: "first") == run_once(work, COMMAND, lambda: "second") == "first"

    def test_a_key_with_other_content_is_refused_and_makes_nothing(self, committed: Committed) -> None:
        with committed.transactions() as work:
            run_once(work, COMMAND, lambda: "first")
        with pytest.raises(AlreadyExists) as refused, committed.transactions() as work:
            run_once(work, replace(COMMAND, content=b"other"), lambda: pytest.fail("made again"))
        assert refused.value.code == "idempotency_key_reused"

    @pytest.mark.parametrize(
        "other",
        [
            replace(COMMAND, caller=Caller(CallerKind.PRODUCER, "ben@example.com")),
            replace(COMMAND, operation="CopyQuote"),
            replace(COMMAND, key="another-key"),
        ],
        ids=["caller", "operation", "key"],
    )
    def test_keys_of_other_callers_and_operations_do_not_meet(self, committed: Committed, other: Command) -> None:
        with committed.transactions() as work:
            run_once(work, COMMAND, lambda: "first")
        with committed.transactions() as work:
            assert run_once(work, replace(other, content=b"other"), lambda: "second") == "second"

    def test_a_key_is_free_again_when_its_first_use_failed(self, committed: Committed) -> None:
        with pytest.raises(ZeroDivisionError), committed.transactions() as work:
            run_once(work, COMMAND, lambda: "first")
            raise ZeroDivisionError
        with committed.transactions() as work:
            assert run_once(work, replace(COMMAND, content=b"other"), lambda: "second") == "second"

    def test_an_event_is_there_with_the_commit_and_not_before(self, committed: Committed) -> None:
        with committed.transactions() as work:
            work.publish_event(committed.note("A-0638"))
            work.publish_event(committed.note("A-0639"))
            assert committed.subjects() == []
        assert committed.subjects() == ["A-0638", "A-0639"]

    def test_a_failed_transaction_leaves_no_event_and_no_audit_row(self, committed: Committed) -> None:
        with pytest.raises(ZeroDivisionError), committed.transactions() as work:
            work.publish_event(committed.note("A-0638"))
            work.record_audit(AT, "ann@example.com", "A-0638", "application.started", "Started.")
            raise ZeroDivisionError
        assert (committed.subjects(), committed.audit()) == ([], [])

    def test_an_audit_row_keeps_all_that_it_was_given(self, committed: Committed) -> None:
        with committed.transactions() as work:
            work.record_audit(
                AT, "ann@example.com", "A-0638", "step.saved", "Saved.", "107864325", ["Last name", "ZIP"]
            )
            work.record_audit(AT, "quote", "Q-1", "quote.expired", "")
            assert committed.audit() == []
        assert committed.audit() == [
            (AT, "ann@example.com", "A-0638", "step.saved", "Saved.", "107864325", ("Last name", "ZIP")),
            (AT, "quote", "Q-1", "quote.expired", "", "", ()),
        ]
