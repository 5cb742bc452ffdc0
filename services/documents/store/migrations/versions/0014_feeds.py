"""Feeds of outside subscribers (docs/adr/0047)."""

from alembic import op

from chassis.db import create_feeds, drop_feeds

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    create_feeds(op.get_bind())


def downgrade() -> None:
    drop_feeds(op.get_bind())
