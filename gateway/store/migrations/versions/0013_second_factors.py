"""Second factors of those who turned two-step sign-in on, and their recovery codes."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_table(
        "second_factors",
        sa.Column("user_id", sa.String(36), sa.ForeignKey("users.user_id", ondelete="CASCADE"), primary_key=True),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("last_step", sa.BigInteger, nullable=False),
        sa.Column("turned_on_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "recovery_codes",
        sa.Column(
            "user_id", sa.String(36), sa.ForeignKey("second_factors.user_id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("selector", sa.String(4), nullable=False),
        sa.Column("code_hash", sa.String(255), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "selector"),
    )


def downgrade() -> None:
    for name in ("recovery_codes", "second_factors"):
        op.drop_table(name)
