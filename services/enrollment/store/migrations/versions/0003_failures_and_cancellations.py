"""How often a submission was asked for again, and why an application was cancelled."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("application", sa.Column("asked_again", sa.SmallInteger, nullable=False, server_default="0"))
    op.add_column("application", sa.Column("cancellation", JSONB))
    op.create_index(
        "application_submitting",
        "application",
        ["requested_at"],
        postgresql_where=sa.text("status = 'submitting'"),
    )


def downgrade() -> None:
    op.drop_index("application_submitting", "application")
    op.drop_column("application", "cancellation")
    op.drop_column("application", "asked_again")
