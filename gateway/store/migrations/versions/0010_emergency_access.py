"""Break-glass: somebody may look at one record of others for a while (docs/adr/0046)."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "emergency_access",
        sa.Column("grant_id", sa.String(36), primary_key=True),
        sa.Column("user_id", sa.String(36), sa.ForeignKey("users.user_id"), nullable=False, index=True),
        sa.Column("record_number", sa.String(32), nullable=False),
        sa.Column("number", sa.String(9), nullable=False),
        sa.Column("state", sa.String(2), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("opened_by", sa.String(64), nullable=False),
        sa.Column("opened_at", _INSTANT, nullable=False),
        sa.Column("ends_at", _INSTANT, nullable=False),
        sa.CheckConstraint("ends_at >= opened_at", name="emergency_access_ends"),
        sa.CheckConstraint("ends_at <= opened_at + interval '24 hours'", name="emergency_access_is_short"),
        sa.CheckConstraint("reason <> ''", name="emergency_access_reason"),
    )


def downgrade() -> None:
    op.drop_table("emergency_access")
