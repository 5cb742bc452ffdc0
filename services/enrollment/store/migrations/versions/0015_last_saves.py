"""What was saved last, so that the same save again is told from somebody else's. Rows from before have nothing."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.add_column("application", sa.Column("last_save", sa.Text, nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("application", "last_save")
