"""Why a document is late."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("application_pdf", sa.Column("trouble", sa.Text))


def downgrade() -> None:
    op.drop_column("application_pdf", "trouble")
