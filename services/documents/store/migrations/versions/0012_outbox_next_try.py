"""An event that no queue took rests before its next try (docs/adr/0005)."""

from alembic import op

from chassis.db import add_outbox_next_try, drop_outbox_next_try

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    add_outbox_next_try(op.get_bind())


def downgrade() -> None:
    drop_outbox_next_try(op.get_bind())
