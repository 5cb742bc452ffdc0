"""Brands, account types and holders of methods, who pays, and when autopay starts and ended."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

TEXTS = {
    "payment": ("payer",),
    "attempt": (
        "method_brand",
        "method_account_type",
        "method_holder",
        "autopay_account_type",
        "autopay_holder",
        "payer",
    ),
    "autopay_mandate": ("account_type", "holder", "cancelled_by"),
}


def upgrade() -> None:
    for table, columns in TEXTS.items():
        for column in columns:
            op.add_column(table, sa.Column(column, sa.Text, nullable=False, server_default=""))
    op.add_column("autopay_mandate", sa.Column("starts_on", sa.Date))
    op.add_column("autopay_mandate", sa.Column("cancelled_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    # an agreement that was cancelled had no row before
    op.execute("delete from autopay_mandate where cancelled_at is not null")
    op.drop_column("autopay_mandate", "cancelled_at")
    op.drop_column("autopay_mandate", "starts_on")
    for table, columns in TEXTS.items():
        for column in columns:
            op.drop_column(table, column)
