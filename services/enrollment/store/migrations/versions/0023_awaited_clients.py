"""Which applications lack nothing but the client's review; of earlier drafts it is known from their next save on."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    op.add_column("application", sa.Column("awaits_client", sa.Boolean, nullable=False, server_default="false"))


def downgrade() -> None:
    op.drop_column("application", "awaits_client")
