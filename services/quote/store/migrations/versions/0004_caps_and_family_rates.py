"""How many children a plan charges, and rates for families as a whole."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    # What held for every plan so far; from now on each row says it, and null charges all children.
    op.add_column("plan", sa.Column("charged_children_cap", sa.SmallInteger, server_default="3"))
    op.alter_column("plan", "charged_children_cap", server_default=None)
    op.create_table(
        "family_rate",
        sa.Column("data_set_id", sa.Integer, sa.ForeignKey("data_set.id"), primary_key=True),
        sa.Column("state", sa.Text, primary_key=True),
        sa.Column("rating_area", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("component_id", sa.Text, primary_key=True),
        sa.Column("tier", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("cents", sa.Integer, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.CheckConstraint("cents > 0", name="a_family_rate_is_above_0"),
    )


def downgrade() -> None:
    op.drop_table("family_rate")
    op.drop_column("plan", "charged_children_cap")
