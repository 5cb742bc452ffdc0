"""Reports ask how long it took from a quote; Home asks which reviews wait for a client."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.create_index(
        "application_from_quote",
        "application",
        ["writing_number", "submitted_on"],
        postgresql_include=["state", "status", "quote_id"],
        postgresql_where=sa.text("quote_id <> ''"),
    )
    op.create_index(
        "client_review_awaited",
        "client_review",
        ["writing_number", "expires_at"],
        postgresql_where=sa.text("answered_at is null and revoked_at is null"),
    )


def downgrade() -> None:
    op.drop_index("client_review_awaited", "client_review")
    op.drop_index("application_from_quote", "application")
