"""How many applications share a notification, such as those that expired in one night."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("notifications", sa.Column("applications", sa.Integer, nullable=False, server_default="1"))


def downgrade() -> None:
    op.drop_column("notifications", "applications")
