"""Audit rows name the fields that an act changed, as enrollment's do."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.add_column("audit", sa.Column("changed_fields", JSONB, nullable=False, server_default="[]"))


def downgrade() -> None:
    op.drop_column("audit", "changed_fields")
