"""As whom a person was first whole. Older rows have none: who is stored at the next save is taken for the first."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("person", sa.Column("first_identity", JSONB))


def downgrade() -> None:
    op.drop_column("person", "first_identity")
