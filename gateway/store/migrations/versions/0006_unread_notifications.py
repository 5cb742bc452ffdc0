"""Unread notifications by person: the bell asks for their number all the time (docs/adr/0033)."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_index("notifications_unread", "notifications", ["user_id"], postgresql_where=sa.text("read_at is null"))


def downgrade() -> None:
    op.drop_index("notifications_unread", "notifications")
