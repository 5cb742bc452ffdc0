"""Reports count quotes by state and month."""

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_index("quote_report", "quote", ["writing_number", "created_at"], postgresql_include=["state", "exchange"])


def downgrade() -> None:
    op.drop_index("quote_report", "quote")
