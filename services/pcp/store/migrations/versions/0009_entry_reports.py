"""What people report as wrong in entries of the directory."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "entry_report",
        sa.Column("pcp_id", sa.Text, primary_key=True),
        sa.Column("fault", sa.Text, primary_key=True),
        sa.Column("reported_by", sa.Text, primary_key=True),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("reported_on", sa.Date, nullable=False),
        sa.CheckConstraint(
            "fault in ('phone', 'moved', 'new_patients', 'not_at_office', 'other')", name="a_fault_is_known"
        ),
    )


def downgrade() -> None:
    op.drop_table("entry_report")
