"""What the processor says that it charged, and what it calls the charge; links and sessions are found by payment."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("attempt", sa.Column("reference", sa.Text, nullable=False, server_default=""))
    op.add_column("callback", sa.Column("amount_cents", sa.BigInteger, nullable=False, server_default="0"))
    op.add_column("callback", sa.Column("currency", sa.Text, nullable=False, server_default=""))
    op.add_column("callback", sa.Column("reference", sa.Text, nullable=False, server_default=""))
    # callbacks of before named no amount: those that wait are about what was asked
    op.execute(
        "update callback set amount_cents = attempt.amount_cents, currency = 'USD' "
        "from attempt where attempt.id = callback.attempt_id"
    )
    op.create_index("attempt_mismatched", "attempt", ["id"], postgresql_where=sa.text("status = 'mismatched'"))
    op.create_index("ix_payment_link_record_number", "payment_link", ["record_number"])
    op.create_index("ix_page_session_record_number", "page_session", ["record_number"])


def downgrade() -> None:
    op.drop_index("ix_page_session_record_number")
    op.drop_index("ix_payment_link_record_number")
    op.drop_index("attempt_mismatched")
    for column in ("reference", "currency", "amount_cents"):
        op.drop_column("callback", column)
    op.drop_column("attempt", "reference")
