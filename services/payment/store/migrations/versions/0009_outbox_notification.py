"""The database wakes the relay (docs/adr/0005)."""

from alembic import op

from chassis.db import create_outbox_notification, drop_outbox_notification

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    create_outbox_notification(op.get_bind())


def downgrade() -> None:
    drop_outbox_notification(op.get_bind())
