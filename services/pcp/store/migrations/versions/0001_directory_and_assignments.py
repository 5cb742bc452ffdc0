"""Directory, networks, ZIP coordinates, assignments, and the infrastructure tables."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from chassis.db import create_infrastructure_tables

revision = "0001"
down_revision = None


def upgrade() -> None:
    create_infrastructure_tables(op.get_bind())
    _places()
    _directory()
    op.create_table(
        "assignment",
        sa.Column("record_number", sa.Text, primary_key=True),
        sa.Column("plan_id", sa.Text, nullable=False),
        sa.Column("plan_year", sa.SmallInteger, nullable=False),
        sa.Column("fingerprint", sa.Text, nullable=False),
        sa.Column("members", JSONB, nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    )


def downgrade() -> None:
    for table in ("assignment", "network_member", "provider", "medical_group", "zip_spot", "directory_load"):
        op.drop_table(table)
    for table in ("outbox", "inbox", "idempotency", "audit"):
        op.drop_table(table)


def _places() -> None:
    op.create_table(
        "directory_load",
        sa.Column("digest", sa.Text, primary_key=True),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.Column("providers", sa.Integer, nullable=False),
    )
    op.create_table(
        "zip_spot",
        sa.Column("zip", sa.Text, primary_key=True),
        sa.Column("latitude", sa.Double, nullable=False),
        sa.Column("longitude", sa.Double, nullable=False),
    )


def _directory() -> None:
    op.create_table(
        "medical_group",
        sa.Column("group_id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
    )
    texts = ("npi", "name", "specialty", "address", "city", "state", "phone", "panel")
    op.create_table(
        "provider",
        sa.Column("pcp_id", sa.Text, primary_key=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in texts),
        sa.Column("zip", sa.Text, sa.ForeignKey("zip_spot.zip"), nullable=False),
        sa.Column("accepting", sa.Boolean, nullable=False),
        sa.Column("group_id", sa.Text, sa.ForeignKey("medical_group.group_id"), index=True),
        sa.Column("illustrative", sa.Boolean, nullable=False),
        sa.CheckConstraint("panel in ('any', 'pediatric', 'adult')", name="a_panel_is_known"),
    )
    op.create_table(
        "network_member",
        sa.Column("plan_id", sa.Text, primary_key=True),
        sa.Column("plan_year", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("pcp_id", sa.Text, sa.ForeignKey("provider.pcp_id"), primary_key=True),
    )
