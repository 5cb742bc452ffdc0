"""Notes, and what hearing of them did."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from chassis.db import (
    add_outbox_next_try,
    create_audit_log,
    create_feeds,
    create_forwarded,
    create_infrastructure_tables,
    create_outbox_notification,
    drop_feeds,
)

revision = "0001"
down_revision = None


def upgrade() -> None:
    create_infrastructure_tables(op.get_bind())
    create_forwarded(op.get_bind())
    create_outbox_notification(op.get_bind())
    add_outbox_next_try(op.get_bind())
    create_feeds(op.get_bind())
    op.add_column("audit", sa.Column("changed_fields", JSONB, nullable=False, server_default="[]"))
    create_audit_log(op.get_bind())
    op.create_table(
        "note",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
    )
    # No uniqueness here: a duplicate has to be countable.
    op.create_table(
        "effect",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("note_id", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
    )


def downgrade() -> None:
    drop_feeds(op.get_bind())
    tables = (
        "effect",
        "note",
        "forwarded_message",
        "audit",
        "access_log",
        "audit_seals",
        "idempotency",
        "inbox",
        "outbox",
    )
    for table in tables:
        op.drop_table(table)
    op.execute("drop function notify_outbox()")
    op.execute("drop function refuse_change()")
