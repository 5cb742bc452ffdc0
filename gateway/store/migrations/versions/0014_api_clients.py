"""Programs that act for a producer: their secrets, scopes, writing numbers and short-lived tokens."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

_CLIENT = "api_clients.client_id"


def upgrade() -> None:
    instant = sa.DateTime(timezone=True)
    op.create_table(
        "api_clients",
        sa.Column("client_id", sa.String(36), primary_key=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("owner_id", sa.String(36), sa.ForeignKey("users.user_id"), nullable=False, index=True),
        sa.Column("scopes", sa.ARRAY(sa.Text), nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("revoked_at", instant),
        sa.CheckConstraint(
            "scopes <@ array['read', 'quote', 'enroll', 'submit', 'pay', 'documents']", name="api_clients_scopes"
        ),
    )
    op.create_table(
        "api_client_numbers",
        sa.Column("client_id", sa.String(36), sa.ForeignKey(_CLIENT, ondelete="CASCADE"), nullable=False),
        sa.Column(
            "number",
            sa.String(9),
            sa.ForeignKey("writing_numbers.number", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        sa.PrimaryKeyConstraint("client_id", "number"),
    )
    op.create_table(
        "api_client_secrets",
        sa.Column("secret_hash", sa.LargeBinary(32), primary_key=True),
        sa.Column("client_id", sa.String(36), sa.ForeignKey(_CLIENT, ondelete="CASCADE"), nullable=False, index=True),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("expires_at", instant),
        sa.Column("last_used_at", instant),
    )
    op.create_table(
        "api_client_tokens",
        sa.Column("token_hash", sa.LargeBinary(32), primary_key=True),
        sa.Column("client_id", sa.String(36), sa.ForeignKey(_CLIENT, ondelete="CASCADE"), nullable=False, index=True),
        sa.Column("scopes", sa.ARRAY(sa.Text), nullable=False),
        sa.Column("expires_at", instant, nullable=False, index=True),
    )


def downgrade() -> None:
    for name in ("api_client_tokens", "api_client_secrets", "api_client_numbers", "api_clients"):
        op.drop_table(name)
