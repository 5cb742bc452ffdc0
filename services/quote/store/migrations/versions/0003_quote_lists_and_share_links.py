"""What lists of quotes search and sort by, expiry, and share links."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_INDEXES = {
    "quote_of_client": ["writing_number", "client_name", "quote_id"],
    "quote_by_effective_date": ["writing_number", "effective_date", "quote_id"],
}


def upgrade() -> None:
    op.add_column("quote", sa.Column("client_name", sa.Text, nullable=False, server_default=""))
    op.add_column("quote", sa.Column("source_quote_id", sa.Text))
    op.add_column("quote", sa.Column("expired_at", sa.DateTime(timezone=True)))
    op.execute(
        "update quote q set client_name = trim(lower(m.last_name || ' ' || m.first_name))"
        " from quote_member m where m.quote_id = q.quote_id and m.relationship = 'self'"
    )
    for name, columns in _INDEXES.items():
        op.create_index(name, "quote", columns)
    op.create_index("quote_not_expired", "quote", ["effective_date"], postgresql_where=sa.text("expired_at is null"))
    op.create_table(
        "share_link",
        sa.Column("link_id", sa.Text, primary_key=True),
        sa.Column("quote_id", sa.Text, sa.ForeignKey("quote.quote_id", ondelete="CASCADE"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
        sa.Column("delivered_at", sa.DateTime(timezone=True)),
        sa.Index("share_link_of_quote", "quote_id", "created_at"),
    )


def downgrade() -> None:
    op.drop_table("share_link")
    for name in (*_INDEXES, "quote_not_expired"):
        op.drop_index(name, "quote")
    for column in ("expired_at", "source_quote_id", "client_name"):
        op.drop_column("quote", column)
