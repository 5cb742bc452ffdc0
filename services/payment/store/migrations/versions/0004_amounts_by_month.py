"""What the amount of a payment is made up of. Payments of before have the amount alone."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("payment", sa.Column("months", JSONB, nullable=False, server_default="[]"))


def downgrade() -> None:
    op.drop_column("payment", "months")
