"""What lists sort by, the list of deadlines, and which fields an act changed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    _lists()
    _deadlines()
    op.add_column("audit", sa.Column("changed_fields", JSONB, nullable=False, server_default="[]"))


def downgrade() -> None:
    op.drop_column("audit", "changed_fields")
    op.drop_table("deadline")
    op.drop_index("application_by_applicant", "application")
    op.drop_column("application", "applicant_key")
    op.drop_column("application", "document_due_on")


def _lists() -> None:
    op.add_column("application", sa.Column("document_due_on", sa.Date))
    key = sa.Column("applicant_key", sa.Text(collation="C"), nullable=False, server_default="")
    op.add_column("application", key)
    op.execute(
        "update application a set applicant_key = lower(btrim(p.last_name || ' ' || p.first_name)) "
        "from person p where p.record_number = a.record_number and p.relationship = 'self'"
    )
    op.create_index("application_by_applicant", "application", ["writing_number", "applicant_key"])


def _deadlines() -> None:
    """Stored drafts get their expiry here; every other deadline comes with the next save."""
    record = sa.ForeignKey("application.record_number", ondelete="CASCADE")
    op.create_table(
        "deadline",
        sa.Column("record_number", sa.Text, record, primary_key=True),
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("writing_number", sa.Text, nullable=False),
        sa.Column("due_on", sa.Date, nullable=False),
    )
    op.create_index("deadline_radar", "deadline", ["writing_number", "due_on", "number", "kind"])
    op.execute(
        "insert into deadline (record_number, kind, number, writing_number, due_on) "
        "select record_number, 'draft_expiry', number, writing_number, expires_on from application "
        "where status in ('incomplete', 'failed') and expires_on is not null"
    )
