"""Agencies, and who stands above whom in them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "agencies",
        sa.Column("agency_id", sa.String(36), primary_key=True),
        sa.Column("name", sa.String(120), nullable=False, unique=True),
        sa.Column("upline_actions", ARRAY(sa.Text), nullable=False, server_default="{}"),
        sa.CheckConstraint(
            "upline_actions <@ array['quote', 'enroll', 'submit', 'pay']", name="agencies_upline_actions"
        ),
    )
    op.create_table(
        "agency_members",
        sa.Column("user_id", sa.String(36), sa.ForeignKey("users.user_id"), primary_key=True),
        sa.Column("agency_id", sa.String(36), sa.ForeignKey("agencies.agency_id"), nullable=False),
        sa.Column("upline_id", sa.String(36), index=True),
        sa.UniqueConstraint("agency_id", "user_id", name="agency_members_agency"),
        sa.ForeignKeyConstraint(
            ["agency_id", "upline_id"],
            ["agency_members.agency_id", "agency_members.user_id"],
            name="agency_members_upline",
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.CheckConstraint("upline_id <> user_id", name="agency_members_not_own_upline"),
    )


def downgrade() -> None:
    op.drop_table("agency_members")
    op.drop_table("agencies")
