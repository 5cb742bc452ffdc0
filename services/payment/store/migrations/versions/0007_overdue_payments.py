"""Until when the first payment is due, and whether it was told that the day is over. Older payments have no day."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("payment", sa.Column("due_on", sa.Date))
    op.add_column("payment", sa.Column("overdue", sa.Boolean, nullable=False, server_default=sa.false()))
    op.create_index(
        "payment_past_due",
        "payment",
        ["due_on"],
        postgresql_where=sa.text("not overdue and not closed and status <> 'successful'"),
    )


def downgrade() -> None:
    op.drop_index("payment_past_due")
    op.drop_column("payment", "overdue")
    op.drop_column("payment", "due_on")
