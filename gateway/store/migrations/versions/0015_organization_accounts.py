"""Who signs in at the organization's OpenID provider, and the sign-ins there that are under way."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    instant = sa.DateTime(timezone=True)
    op.create_table(
        "organization_accounts",
        sa.Column("user_id", sa.String(36), sa.ForeignKey("users.user_id", ondelete="CASCADE"), primary_key=True),
        sa.Column("issuer", sa.String(255)),
        sa.Column("subject", sa.String(255)),
        sa.Column("linked_at", instant),
        sa.UniqueConstraint("issuer", "subject", name="organization_accounts_subject"),
        sa.CheckConstraint(
            "(issuer is null) = (subject is null) and (issuer is null) = (linked_at is null)",
            name="organization_accounts_linked",
        ),
    )
    op.create_table(
        "organization_sign_ins",
        sa.Column("secret_hash", sa.LargeBinary(32), primary_key=True),
        sa.Column("next_path", sa.String(500), nullable=False),
        sa.Column("expires_at", instant, nullable=False, index=True),
    )


def downgrade() -> None:
    for name in ("organization_sign_ins", "organization_accounts"):
        op.drop_table(name)
