"""A column for sealed birth dates (docs/adr/0056). Versions before know only the plain ones, which stay for them."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.add_column("quote", sa.Column("birth_dates_sealed", sa.LargeBinary))


def downgrade() -> None:
    op.drop_column("quote", "birth_dates_sealed")
