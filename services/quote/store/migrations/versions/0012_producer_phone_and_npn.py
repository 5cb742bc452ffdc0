"""The producer's phone number and National Producer Number. Rows from before have neither."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    for name in ("producer_phone", "producer_npn"):
        op.add_column("quote", sa.Column(name, sa.Text, nullable=False, server_default=""))


def downgrade() -> None:
    for name in ("producer_npn", "producer_phone"):
        op.drop_column("quote", name)
