"""The months that a first payment covers. Applications of before have none, and are shown without."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.add_column("application", sa.Column("opened_months", JSONB, nullable=False, server_default="[]"))


def downgrade() -> None:
    op.drop_column("application", "opened_months")
