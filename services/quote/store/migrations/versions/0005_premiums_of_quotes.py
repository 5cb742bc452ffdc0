"""What the plans of a quote cost when they were chosen."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "quote_premium",
        sa.Column("quote_id", sa.Text, sa.ForeignKey("quote.quote_id", ondelete="CASCADE"), primary_key=True),
        sa.Column("coverage", sa.Text, primary_key=True),
        sa.Column("plan_id", sa.Text, nullable=False),
        sa.Column("edition", sa.Text, nullable=False),
        sa.Column("priced_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lines", JSONB, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("quote_premium")
