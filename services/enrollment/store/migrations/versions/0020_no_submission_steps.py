"""Steps of a submission are run again after a crash instead of being kept one by one (docs/adr/0039)."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.drop_table("submission_step")


def downgrade() -> None:
    op.create_table(
        "submission_step",
        sa.Column(
            "record_number", sa.Text, sa.ForeignKey("application.record_number", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("attempt", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("step", sa.Text, primary_key=True),
        sa.Column("result", sa.Text, nullable=False),
    )
