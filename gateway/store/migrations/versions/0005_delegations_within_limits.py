"""What a delegate may do, and from when to when; every grant and revocation is recorded (docs/adr/0029)."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0005"
down_revision = "0004"

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    # who was a delegate before may go on as before
    op.add_column(
        "delegations",
        sa.Column("actions", ARRAY(sa.Text), nullable=False, server_default="{quote,enroll,submit,pay}"),
    )
    op.add_column("delegations", sa.Column("starts_at", _INSTANT))
    op.add_column("delegations", sa.Column("ends_at", _INSTANT))
    op.create_check_constraint(
        "delegations_actions", "delegations", "actions <@ array['quote', 'enroll', 'submit', 'pay']"
    )
    op.create_table(
        "delegation_changes",
        sa.Column("change_id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("producer_id", sa.String(36), sa.ForeignKey("users.user_id"), nullable=False),
        sa.Column("delegate_id", sa.String(36), sa.ForeignKey("users.user_id"), nullable=False),
        sa.Column("number", sa.String(9), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("actions", ARRAY(sa.Text), nullable=False),
        sa.Column("starts_at", _INSTANT),
        sa.Column("ends_at", _INSTANT),
        sa.CheckConstraint("kind in ('granted', 'changed', 'revoked')", name="delegation_changes_kind"),
        sa.Index("delegation_changes_producer", "producer_id", "change_id"),
    )


def downgrade() -> None:
    op.drop_table("delegation_changes")
    op.drop_constraint("delegations_actions", "delegations")
    for column in ("ends_at", "starts_at", "actions"):
        op.drop_column("delegations", column)
