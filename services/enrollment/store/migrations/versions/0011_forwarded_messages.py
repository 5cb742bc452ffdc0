"""The tries of failed messages that were sent on (docs/adr/0004)."""

from alembic import op

from chassis.db import create_forwarded

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    create_forwarded(op.get_bind())


def downgrade() -> None:
    op.drop_table("forwarded_message")
