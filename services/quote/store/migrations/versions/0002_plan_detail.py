"""What stands on a plan's own page: benefits, variants, links; and whether a health savings account may go with it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("plan", sa.Column("hsa_eligible", sa.Boolean))
    op.add_column("plan", sa.Column("detail", JSONB, nullable=False, server_default=sa.text("'{}'")))


def downgrade() -> None:
    op.drop_column("plan", "detail")
    op.drop_column("plan", "hsa_eligible")
