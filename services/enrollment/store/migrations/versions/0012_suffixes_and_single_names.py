"""Suffixes, and people of one name. Rows from before have neither."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

TABLES = ("person", "client")


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column("suffix", sa.Text, nullable=False, server_default=""))
        op.add_column(table, sa.Column("one_name_only", sa.Boolean, nullable=False, server_default=sa.false()))


def downgrade() -> None:
    for table in TABLES:
        op.drop_column(table, "one_name_only")
        op.drop_column(table, "suffix")
