"""Payments, attempts, links, sessions, callbacks, and the infrastructure tables."""

import sqlalchemy as sa
from alembic import op

from chassis.db import create_infrastructure_tables

revision = "0001"
down_revision = None


def upgrade() -> None:
    create_infrastructure_tables(op.get_bind())
    _payments()
    _doors()
    _callbacks()


def downgrade() -> None:
    for table in ("callback", "page_session", "payment_link", "autopay_mandate", "attempt", "payment"):
        op.drop_table(table)
    for table in ("outbox", "inbox", "idempotency", "audit"):
        op.drop_table(table)


def _payments() -> None:
    op.create_table(
        "payment",
        sa.Column("record_number", sa.Text, primary_key=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("writing_number", sa.Text, nullable=False),
        sa.Column("amount_cents", sa.BigInteger, nullable=False),
        sa.Column("pay_now", sa.Boolean, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("confirmation_number", sa.Text, nullable=False),
        sa.Column("method", sa.Text, nullable=False),
        sa.Column("failure_reason", sa.Text, nullable=False),
        sa.Column("attempt_id", sa.Text, nullable=False),
        _instant("updated_at"),
    )
    op.create_table(
        "attempt",
        sa.Column("id", sa.Text, primary_key=True),
        _record_number(index=True),
        sa.Column("amount_cents", sa.BigInteger, nullable=False),
        sa.Column("method_kind", sa.Text, nullable=False),
        sa.Column("method_token", sa.Text, nullable=False),
        sa.Column("method_last_four", sa.Text, nullable=False),
        sa.Column("autopay_token", sa.Text, nullable=False),
        sa.Column("autopay_last_four", sa.Text, nullable=False),
        sa.Column("confirmation_number", sa.Text, nullable=False, unique=True),
        sa.Column("status", sa.Text, nullable=False),
        _instant("created_at"),
        _instant("sent_at", nullable=True),
    )
    op.create_index("attempt_unanswered", "attempt", ["sent_at"], postgresql_where=sa.text("status = 'sent'"))
    op.create_table(
        "autopay_mandate",
        _record_number(primary_key=True),
        sa.Column("bank_token", sa.Text, nullable=False),
        sa.Column("last_four", sa.Text, nullable=False),
        _instant("agreed_at"),
    )


def _doors() -> None:
    op.create_table(
        "payment_link",
        sa.Column("digest", sa.Text, primary_key=True),
        _record_number(),
        _instant("expires_at"),
        _instant("used_at", nullable=True),
    )
    op.create_table(
        "page_session",
        sa.Column("digest", sa.Text, primary_key=True),
        _record_number(),
        sa.Column("attempt_id", sa.Text, nullable=False),
        _instant("expires_at"),
    )


def _callbacks() -> None:
    op.create_table(
        "callback",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("attempt_id", sa.Text, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        _instant("stored_at"),
        _instant("processed_at", nullable=True),
    )
    op.create_index("callback_unprocessed", "callback", ["stored_at"], postgresql_where=sa.text("processed_at is null"))


def _record_number(*, primary_key: bool = False, index: bool = False) -> sa.Column[str]:
    return sa.Column(
        "record_number",
        sa.Text,
        sa.ForeignKey("payment.record_number"),
        primary_key=primary_key,
        index=index,
        nullable=False,
    )


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)
