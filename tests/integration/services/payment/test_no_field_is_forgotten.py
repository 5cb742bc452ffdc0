"""Every field of what payment stores comes back from PostgreSQL as it was written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

import services.payment.__main__ as payment
from chassis.db import Database, PostgresTransactions
from chassis.db.migrate import upgrade_schema
from chassis.kernel import Money
from services.payment.domain.attempt import Attempt, MethodKind, PaymentMethod
from services.payment.domain.autopay import AutopayMandate
from services.payment.domain.payment import MonthDue, Payment, PaymentTerms
from services.payment.events.outgoing import event_to_proto
from services.payment.store import payments as rows
from services.payment.store.tables import INFRASTRUCTURE
from services.payment.store.work import UnitOfWork
from services.payment.usecases.ports import ChargeReport, PageSession
from tests.dropped_lines import drop_line
from tests.filled_values import FilledValues
from tests.stored_values import RoundTrip, lost_fields, with_new_field

Store = PostgresTransactions[UnitOfWork]
NOW = datetime(2026, 5, 20, 18, tzinfo=UTC)
MONTHS = (MonthDue(date(2026, 1, 1), Money(300)), MonthDue(date(2026, 2, 1), Money(200)))
OPENED = Payment.open("A-0001", PaymentTerms("TX", "107864325", Money(1), pay_now=True), NOW)
MADE: dict[Any, Any] = {
    "PaymentTerms.months": lambda _: MONTHS,
    "PaymentTerms.amount": lambda _: Money(500),  # what the months add up to
    "Attempt.autopay": lambda number: FilledValues(1, BANK, first=number).of(PaymentMethod),
    "AutopayMandate.bank": lambda number: FilledValues(1, BANK, first=number).of(PaymentMethod),
    "AutopayMandate.record_number": lambda _: OPENED.record_number,
    "Attempt.record_number": lambda _: OPENED.record_number,
    "PageSession.record_number": lambda _: OPENED.record_number,
}
BANK: dict[Any, Any] = {"PaymentMethod.kind": lambda _: MethodKind.BANK, "PaymentMethod.brand": lambda _: None}


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    db = Database(database)
    upgrade_schema(db.engine, payment.SERVICE.migrations)
    opened = PostgresTransactions(db, UnitOfWork, INFRASTRUCTURE, event_to_proto)
    with opened() as work:
        work.payments.add_payment(OPENED)
    yield opened
    db.close()


def round_trips(store: Store) -> dict[Any, RoundTrip]:
    def added_payment(sent: Payment) -> Payment | None:
        with store() as work:
            assert work.payments.add_payment(sent)
        with store() as work:
            return work.payments.find_payment(sent.record_number)

    def added_attempt(sent: Attempt) -> Attempt | None:
        with store() as work:
            work.attempts.add_attempt(sent)
        with store() as work:
            return work.attempts.find_attempt(sent.id)

    def page_session(sent: PageSession) -> PageSession | None:
        with store() as work:
            work.page_sessions.add_session(sent, NOW.replace(year=2027))
        with store() as work:
            return work.page_sessions.find_session(sent.digest, NOW)

    def charge_report(sent: ChargeReport) -> ChargeReport | None:
        with store() as work:
            assert work.webhooks.add_webhook(f"wh-{sent.attempt_id}", sent, NOW)
        with store() as work:
            return work.webhooks.lock_unprocessed(f"wh-{sent.attempt_id}")

    def saved_mandate(sent: AutopayMandate) -> AutopayMandate | None:
        with store() as work:
            work.payments.save_mandate(sent)
        with store() as work:
            return work.payments.find_mandate(sent.record_number)

    return {
        AutopayMandate: saved_mandate,
        Payment: added_payment,
        Attempt: added_attempt,
        PageSession: page_session,
        ChargeReport: charge_report,
    }


def test_every_field_that_is_added_comes_back(store: Store) -> None:
    for kind, round_trip in round_trips(store).items():
        assert lost_fields(kind, round_trip, MADE) == set()


def test_every_field_that_is_saved_comes_back(store: Store) -> None:
    added = round_trips(store)

    def saved_payment(sent: Payment) -> Payment | None:
        added[Payment](replace(OPENED, record_number=sent.record_number))
        with store() as work:
            work.payments.save_payment(sent)
        with store() as work:
            return work.payments.find_payment(sent.record_number)

    def saved_attempt(sent: Attempt) -> Attempt | None:
        first = FilledValues(0, MADE, first=10_000_000).of(Attempt)
        added[Attempt](replace(first, id=sent.id, confirmation_number=f"{sent.confirmation_number}, first"))
        with store() as work:
            work.attempts.save_attempt(sent)
        with store() as work:
            return work.attempts.find_attempt(sent.id)

    assert lost_fields(Payment, saved_payment, MADE) == set()
    assert lost_fields(Attempt, saved_attempt, MADE) == set()


def test_a_new_field_that_the_store_does_not_know_is_noticed(store: Store) -> None:
    for kind, round_trip in round_trips(store).items():
        assert lost_fields(with_new_field(kind), round_trip, MADE) == {f"{kind.__name__}.of_tomorrow"}


def test_a_converter_without_one_line_is_noticed(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    drop_line(rows, "        failure_reason=row.failure_reason,", monkeypatch)
    assert lost_fields(Payment, round_trips(store)[Payment], MADE) == {"Payment.failure_reason"}
