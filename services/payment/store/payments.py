"""Store: payments and attempts, with named converters between rows and the domain."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from chassis.kernel import Money
from services.payment.domain.attempt import (
    OTHER_PAGES,
    AccountType,
    Attempt,
    AttemptStatus,
    CardBrand,
    MethodKind,
    Payer,
    PaymentMethod,
)
from services.payment.domain.autopay import AutopayMandate
from services.payment.domain.payment import PAYABLE, MonthDue, Payment, PaymentStatus, PaymentTerms
from services.payment.store.tables import AttemptRow, AutopayMandateRow, PaymentRow

_PAYMENTS: Any = PaymentRow.__table__
# Built once: building costs more than running them.
_FIND = select(_PAYMENTS).where(_PAYMENTS.c.record_number == bindparam("whose"))
_LOCK = _FIND.with_for_update()
_ADD = upsert(_PAYMENTS).on_conflict_do_nothing().returning(_PAYMENTS.c.record_number)
_SAVE = update(_PAYMENTS).where(_PAYMENTS.c.record_number == bindparam("whose"))


class PaymentRepository:
    def __init__(self, session: Session) -> None:
        self._session = session

    def find_payment(self, record_number: str) -> Payment | None:
        return self._one(_FIND, record_number)

    def lock_payment(self, record_number: str) -> Payment | None:
        return self._one(_LOCK, record_number)

    def add_payment(self, payment: Payment) -> bool:
        return self._session.execute(_ADD, _payment_row(payment)).first() is not None

    def save_payment(self, payment: Payment) -> None:
        self._session.execute(_SAVE, {"whose": payment.record_number, **_payment_row(payment)})

    def list_past_due(self, before: date, limit: int) -> list[str]:
        payable = [status.value for status in PAYABLE]
        query = select(PaymentRow.record_number).where(
            PaymentRow.due_on < before, ~PaymentRow.overdue, ~PaymentRow.closed, PaymentRow.status.in_(payable)
        )
        return list(self._session.scalars(query.order_by(PaymentRow.due_on).limit(limit)))

    def save_mandate(self, mandate: AutopayMandate) -> None:
        values = _mandate_row(mandate)
        row = upsert(AutopayMandateRow).values(record_number=mandate.record_number, **values)
        self._session.execute(row.on_conflict_do_update(index_elements=["record_number"], set_=values))

    def find_mandate(self, record_number: str) -> AutopayMandate | None:
        row = self._session.get(AutopayMandateRow, record_number, populate_existing=True)
        return None if row is None else _mandate(row)

    def _one(self, query: Any, record_number: str) -> Payment | None:
        row = self._session.execute(query, {"whose": record_number}).one_or_none()
        return None if row is None else _payment(row)


class AttemptRepository:
    def __init__(self, session: Session) -> None:
        self._session = session

    def find_attempt(self, attempt_id: str) -> Attempt | None:
        query = select(AttemptRow).where(AttemptRow.id == attempt_id).execution_options(populate_existing=True)
        row = self._session.execute(query).scalar_one_or_none()
        return None if row is None else _attempt(row)

    def add_attempt(self, attempt: Attempt) -> None:
        self._session.execute(insert(AttemptRow).values(_attempt_row(attempt)))

    def save_attempt(self, attempt: Attempt) -> None:
        self._session.execute(update(AttemptRow).where(AttemptRow.id == attempt.id).values(_attempt_row(attempt)))

    def count_attempts(self, record_number: str) -> int:
        query = select(func.count()).select_from(AttemptRow).where(AttemptRow.record_number == record_number)
        return self._session.execute(query).scalar_one()

    def count_mismatched(self) -> int:
        query = select(func.count()).select_from(AttemptRow).where(AttemptRow.status == AttemptStatus.MISMATCHED)
        return self._session.execute(query).scalar_one()

    def list_unanswered(self, sent_before: datetime, limit: int) -> list[Attempt]:
        return self._list_sent(AttemptRow.method_kind.not_in(OTHER_PAGES), sent_before, limit)

    def list_handed_over(self, sent_before: datetime, limit: int) -> list[Attempt]:
        return self._list_sent(AttemptRow.method_kind.in_(OTHER_PAGES), sent_before, limit)

    def find_handoff(self, record_number: str, kind: MethodKind) -> Attempt | None:
        query = select(AttemptRow).where(AttemptRow.record_number == record_number, AttemptRow.method_kind == kind)
        latest = query.order_by(AttemptRow.created_at.desc()).limit(1).execution_options(populate_existing=True)
        row = self._session.execute(latest).scalar_one_or_none()
        return None if row is None else _attempt(row)

    def _list_sent(self, of_kind: ColumnElement[bool], sent_before: datetime, limit: int) -> list[Attempt]:
        sent = (AttemptRow.status == AttemptStatus.SENT, AttemptRow.sent_at < sent_before, of_kind)
        query = select(AttemptRow).where(*sent).order_by(AttemptRow.sent_at).limit(limit)
        return [_attempt(row) for row in self._session.scalars(query)]


def _payment(row: Any) -> Payment:
    return Payment(
        record_number=row.record_number,
        terms=PaymentTerms(
            row.state, row.writing_number, Money(row.amount_cents), row.pay_now, _months(row.months), row.due_on
        ),
        status=PaymentStatus(row.status),
        updated_at=row.updated_at,
        confirmation_number=row.confirmation_number,
        method=row.method,
        payer=Payer(row.payer) if row.payer else None,
        failure_reason=row.failure_reason,
        attempt_id=row.attempt_id,
        closed=row.closed,
        overdue=row.overdue,
    )


def _months(stored: list[list[Any]]) -> tuple[MonthDue, ...]:
    return tuple(MonthDue(date.fromisoformat(month), Money(cents)) for month, cents in stored)


def _payment_row(payment: Payment) -> dict[str, Any]:
    return {
        "record_number": payment.record_number,
        "state": payment.terms.state,
        "writing_number": payment.terms.writing_number,
        "amount_cents": payment.terms.amount.cents,
        "pay_now": payment.terms.pay_now,
        "months": [[due.month.isoformat(), due.amount.cents] for due in payment.terms.months],
        "status": payment.status.value,
        "confirmation_number": payment.confirmation_number,
        "method": payment.method,
        "payer": payment.payer or "",
        "failure_reason": payment.failure_reason,
        "attempt_id": payment.attempt_id,
        "closed": payment.closed,
        "due_on": payment.terms.due_on,
        "overdue": payment.overdue,
        "updated_at": payment.updated_at,
    }


def _attempt(row: AttemptRow) -> Attempt:
    return Attempt(
        id=row.id,
        record_number=row.record_number,
        amount=Money(row.amount_cents),
        method=PaymentMethod(
            MethodKind(row.method_kind),
            row.method_token,
            row.method_last_four,
            CardBrand(row.method_brand) if row.method_brand else None,
            _account_type(row.method_account_type),
            row.method_holder,
        ),
        confirmation_number=row.confirmation_number,
        created_at=row.created_at,
        autopay=_bank(row.autopay_token, row.autopay_last_four, row.autopay_account_type, row.autopay_holder)
        if row.autopay_token
        else None,
        payer=Payer(row.payer) if row.payer else None,
        status=AttemptStatus(row.status),
        sent_at=row.sent_at,
        reference=row.reference,
    )


def _bank(token: str, last_four: str, account_type: str, holder: str) -> PaymentMethod:
    return PaymentMethod(MethodKind.BANK, token, last_four, account_type=_account_type(account_type), holder=holder)


def _account_type(stored: str) -> AccountType | None:
    return AccountType(stored) if stored else None


def _mandate(row: AutopayMandateRow) -> AutopayMandate:
    return AutopayMandate(
        record_number=row.record_number,
        bank=_bank(row.bank_token, row.last_four, row.account_type, row.holder),
        agreed_at=row.agreed_at,
        starts_on=row.starts_on,
        cancelled_at=row.cancelled_at,
        cancelled_by=row.cancelled_by,
    )


def _mandate_row(mandate: AutopayMandate) -> dict[str, Any]:
    return {
        "bank_token": mandate.bank.token,
        "last_four": mandate.bank.last_four,
        "account_type": mandate.bank.account_type or "",
        "holder": mandate.bank.holder,
        "agreed_at": mandate.agreed_at,
        "starts_on": mandate.starts_on,
        "cancelled_at": mandate.cancelled_at,
        "cancelled_by": mandate.cancelled_by,
    }


def _attempt_row(attempt: Attempt) -> dict[str, Any]:
    return {
        "id": attempt.id,
        "record_number": attempt.record_number,
        "amount_cents": attempt.amount.cents,
        "method_kind": attempt.method.kind.value,
        "method_token": attempt.method.token,
        "method_last_four": attempt.method.last_four,
        "method_brand": attempt.method.brand or "",
        "method_account_type": attempt.method.account_type or "",
        "method_holder": attempt.method.holder,
        "autopay_token": attempt.autopay.token if attempt.autopay else "",
        "autopay_last_four": attempt.autopay.last_four if attempt.autopay else "",
        "autopay_account_type": (attempt.autopay.account_type or "") if attempt.autopay else "",
        "autopay_holder": attempt.autopay.holder if attempt.autopay else "",
        "payer": attempt.payer or "",
        "confirmation_number": attempt.confirmation_number,
        "status": attempt.status.value,
        "created_at": attempt.created_at,
        "sent_at": attempt.sent_at,
        "reference": attempt.reference,
    }
