"""Whether a dependent is disabled and depends on the subscriber."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column("person", sa.Column("disabled_dependent", sa.Boolean, nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("person", "disabled_dependent")
