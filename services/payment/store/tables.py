"""Store: the tables of the payment service. Amounts are whole cents; instants are UTC.

Numbers that people typed never come here: a method is the processor's token and its last four digits.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import BigInteger, Date, DateTime, ForeignKey, Index, LargeBinary, Text, and_
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from chassis.db import infrastructure_tables


class Base(DeclarativeBase):
    type_annotation_map: ClassVar[dict[object, object]] = {
        str: Text,
        int: BigInteger,
        datetime: DateTime(timezone=True),
        date: Date,
        bytes: LargeBinary,
    }


INFRASTRUCTURE = infrastructure_tables(Base.metadata)


class PaymentRow(Base):
    __tablename__ = "payment"

    record_number: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str]
    writing_number: Mapped[str]
    amount_cents: Mapped[int]
    pay_now: Mapped[bool]
    # First day and cents of each month in the amount.
    months: Mapped[list[list[Any]]] = mapped_column(JSONB)
    status: Mapped[str]
    confirmation_number: Mapped[str]
    method: Mapped[str]
    # Who pays; empty before a payment was sent.
    payer: Mapped[str]
    failure_reason: Mapped[str]
    attempt_id: Mapped[str]
    # Its application was cancelled.
    closed: Mapped[bool]
    updated_at: Mapped[datetime]
    # The last day for it; the worker tells once that it is over.
    due_on: Mapped[date | None]
    overdue: Mapped[bool]


Index(
    "payment_past_due",
    PaymentRow.due_on,
    postgresql_where=and_(~PaymentRow.overdue, ~PaymentRow.closed, PaymentRow.status != "successful"),
)


class AttemptRow(Base):
    __tablename__ = "attempt"

    id: Mapped[str] = mapped_column(primary_key=True)
    record_number: Mapped[str] = mapped_column(ForeignKey("payment.record_number"), index=True)
    amount_cents: Mapped[int]
    method_kind: Mapped[str]
    method_token: Mapped[str]
    method_last_four: Mapped[str]
    # Of a card; of a bank account, with the name on it.
    method_brand: Mapped[str]
    method_account_type: Mapped[str]
    method_holder: Mapped[str]
    # The bank account for autopay; empty for none.
    autopay_token: Mapped[str]
    autopay_last_four: Mapped[str]
    autopay_account_type: Mapped[str]
    autopay_holder: Mapped[str]
    payer: Mapped[str]
    confirmation_number: Mapped[str] = mapped_column(unique=True)
    status: Mapped[str]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    # What the processor calls the charge; empty before it answered.
    reference: Mapped[str]


Index("attempt_unanswered", AttemptRow.sent_at, postgresql_where=AttemptRow.status == "sent")
Index("attempt_mismatched", AttemptRow.id, postgresql_where=AttemptRow.status == "mismatched")


class AutopayMandateRow(Base):
    __tablename__ = "autopay_mandate"

    record_number: Mapped[str] = mapped_column(ForeignKey("payment.record_number"), primary_key=True)
    bank_token: Mapped[str]
    last_four: Mapped[str]
    account_type: Mapped[str]
    # The name on the account: who agreed.
    holder: Mapped[str]
    agreed_at: Mapped[datetime]
    # First day of the first month that is taken.
    starts_on: Mapped[date | None]
    # The token is empty from then on.
    cancelled_at: Mapped[datetime | None]
    cancelled_by: Mapped[str]


class PaymentLinkRow(Base):
    __tablename__ = "payment_link"

    digest: Mapped[str] = mapped_column(primary_key=True)
    record_number: Mapped[str] = mapped_column(ForeignKey("payment.record_number"), index=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class PageSessionRow(Base):
    __tablename__ = "page_session"

    digest: Mapped[str] = mapped_column(primary_key=True)
    record_number: Mapped[str] = mapped_column(ForeignKey("payment.record_number"), index=True)
    attempt_id: Mapped[str]
    expires_at: Mapped[datetime]
    form_draft: Mapped[bytes]


class SubscriberRow(Base):
    __tablename__ = "subscriber"

    record_number: Mapped[str] = mapped_column(ForeignKey("payment.record_number"), primary_key=True)
    sealed: Mapped[bytes]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class WebhookRow(Base):
    __tablename__ = "callback"

    id: Mapped[str] = mapped_column(primary_key=True)
    attempt_id: Mapped[str]
    answer: Mapped[str]
    reason: Mapped[str]
    amount_cents: Mapped[int]
    currency: Mapped[str]
    reference: Mapped[str]
    stored_at: Mapped[datetime]
    processed_at: Mapped[datetime | None]


Index("callback_unprocessed", WebhookRow.stored_at, postgresql_where=WebhookRow.processed_at.is_(None))
