"""What a network can be narrowed to, which ``seed`` writes when it reads a directory."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "network",
        sa.Column("plan_id", sa.Text, primary_key=True),
        sa.Column("plan_year", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("specialties", ARRAY(sa.Text), nullable=False),
        sa.Column("languages", ARRAY(sa.Text), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("network")
