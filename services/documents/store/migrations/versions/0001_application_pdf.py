"""Application PDFs and the infrastructure tables."""

import sqlalchemy as sa
from alembic import op

from chassis.db import create_infrastructure_tables

revision = "0001"
down_revision = None


def upgrade() -> None:
    create_infrastructure_tables(op.get_bind())
    op.create_table(
        "application_pdf",
        sa.Column("record_number", sa.Text, primary_key=True),
        sa.Column("writing_number", sa.Text, nullable=False),
        sa.Column("content", sa.LargeBinary),
        sa.Column("sha256", sa.Text),
        sa.Column("rendered_at", sa.DateTime(timezone=True)),
        sa.Column("texts", sa.ARRAY(sa.Text), nullable=False),
        sa.CheckConstraint(
            "(content is null) = (sha256 is null) and (content is null) = (rendered_at is null)",
            name="a_document_is_whole_or_not_there",
        ),
    )
    # a PDF is compressed already: do not try again on every write
    op.execute("alter table application_pdf alter column content set storage external")


def downgrade() -> None:
    for table in ("application_pdf", "outbox", "inbox", "idempotency", "audit"):
        op.drop_table(table)
