"""People, writing numbers, delegations, sessions, sign-in attempts, notifications, inbox."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "users",
        sa.Column("user_id", sa.String(36), primary_key=True),
        sa.Column("email", sa.String(254), nullable=False, unique=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("password_hash", sa.String(255), nullable=False),
        sa.Column("active", sa.Boolean, nullable=False, server_default="true"),
        sa.CheckConstraint("role in ('producer', 'delegate')", name="users_role"),
        sa.CheckConstraint("email = lower(email)", name="users_email_lower"),
    )
    op.create_table(
        "writing_numbers",
        sa.Column("number", sa.String(9), primary_key=True),
        sa.Column("state", sa.String(2), nullable=False),
        sa.Column("producer_name", sa.String(120), nullable=False),
        sa.Column("company_name", sa.String(120), nullable=False),
        sa.Column("user_id", sa.String(36), sa.ForeignKey("users.user_id"), nullable=False, index=True),
    )
    op.create_table(
        "delegations",
        sa.Column("delegate_id", sa.String(36), sa.ForeignKey("users.user_id"), nullable=False),
        sa.Column("number", sa.String(9), sa.ForeignKey("writing_numbers.number"), nullable=False, index=True),
        sa.PrimaryKeyConstraint("delegate_id", "number"),
    )
    op.create_table(
        "sessions",
        sa.Column("secret_hash", sa.LargeBinary(32), primary_key=True),
        sa.Column(
            "user_id", sa.String(36), sa.ForeignKey("users.user_id", ondelete="CASCADE"), nullable=False, index=True
        ),
        sa.Column("transport", sa.String(8), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False, index=True),
        sa.Column("last_seen_at", _INSTANT, nullable=False),
        sa.CheckConstraint("transport in ('cookie', 'bearer')", name="sessions_transport"),
    )
    op.create_table(
        "sign_in_attempts",
        sa.Column("attempt_id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("account_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("at", _INSTANT, nullable=False, index=True),
        sa.Index("sign_in_attempts_account", "account_hash", "at"),
        sa.Index("sign_in_attempts_address", "address", "at"),
    )
    op.create_table(
        "notifications",
        sa.Column("notification_id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("user_id", sa.String(36), sa.ForeignKey("users.user_id", ondelete="CASCADE"), nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("record_number", sa.String(32), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("read_at", _INSTANT),
        sa.Index("notifications_user", "user_id", "notification_id"),
    )
    op.create_table(
        "seen_events",
        sa.Column("queue", sa.String(255), nullable=False),
        sa.Column("message_id", sa.String(255), nullable=False),
        sa.Column("at", _INSTANT, nullable=False, index=True),
        sa.PrimaryKeyConstraint("queue", "message_id"),
    )


def downgrade() -> None:
    for table in (
        "seen_events",
        "notifications",
        "sign_in_attempts",
        "sessions",
        "delegations",
        "writing_numbers",
        "users",
    ):
        op.drop_table(table)
